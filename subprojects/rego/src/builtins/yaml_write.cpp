// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// yaml.marshal, as Go's sigs.k8s.io/yaml does it: the value becomes JSON, that
// is read as YAML, and what was read is written in block style.

#include <algorithm>
#include <charconv>
#include <cmath>

#include <re2/re2.h>

#include "builtins/families.hpp"
#include "builtins/go_format.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"
#include "builtins/written_size.hpp"
#include "builtins/yaml_emit.hpp"
#include "builtins/yaml_reread.hpp"
#include "builtins/yaml_scalar.hpp"
#include "core/json_members.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

bool of_class(char32_t c, const RE2& one) {
  std::string text;
  append_rune(text, c);
  return RE2::FullMatch(text, one);
}

bool is_key_letter(char32_t c) {
  static const RE2 letter("\\pL");
  return c < 128 ? (c | 32) >= 'a' && (c | 32) <= 'z' : of_class(c, letter);
}

bool is_key_digit(char32_t c) {
  static const RE2 digit("\\p{Nd}");
  return c < 128 ? c >= '0' && c <= '9' : of_class(c, digit);
}

// A run of digits: its number, as far as 64 bits hold it, and its end.
struct digit_run {
  int64_t number;
  size_t end;
};

digit_run read_digits(const std::u32string& s, size_t at, int64_t before) {
  auto n = static_cast<uint64_t>(before);
  while (at < s.size() && is_key_digit(s[at]))
    n = n * 10 + (uint64_t{s[at++]} - '0');
  return {static_cast<int64_t>(n), at};
}

// Is a zero here one within a number, not one that leads it?
bool number_began(const std::u32string& s, size_t at) {
  while (at > 0 && is_key_digit(s[at - 1]))
    if (s[--at] != '0')
      return true;
  return false;
}

// The order of keys: letters behind everything else, runs of digits by the
// numbers that they stand for.
bool natural_less(const std::u32string& a, const std::u32string& b) {
  auto [p, q] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (p == a.end() || q == b.end())
    return a.size() < b.size();
  bool left = is_key_letter(*p), right = is_key_letter(*q);
  if (left || right)
    return left && right ? *p < *q : right;
  auto at = static_cast<size_t>(p - a.begin());
  int64_t before = (*p == '0' || *q == '0') && number_began(a, at);
  auto x = read_digits(a, at, before), y = read_digits(b, at, before);
  if (x.number != y.number)
    return x.number < y.number;
  return x.end != y.end ? x.end < y.end : *p < *q;
}

// [-+] digits (: minutes or seconds)... [. digits]: a number to the base 60 in
// YAML 1.1, which is kept a text for those who read it so.
bool base60(std::string_view s) {
  static const RE2 form(R"([-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)");
  return s.find(':') != std::string_view::npos && RE2::FullMatch(s, form);
}

// Is a value's JSON a YAML document? All of it, in the order of JSON, ahead of
// what is written.
class json_reread {
public:
  explicit json_reread(call_context& c) : c_(c) {}
  /// False with `error` set.
  bool read(const value& v);
  const std::string& error() const { return reread_.error; }

private:
  void count(size_t more);
  bool map(const value& v);
  call_context& c_;
  yaml_rereader reread_;
  size_t size_ = 0; // at least, of the JSON so far
};

// A value may be small only by sharing its parts: as much is read as could be
// written.
void json_reread::count(size_t more) {
  c_.tick(1);
  size_ += more;
  if (size_ > c_.memory().room())
    throw memory_exceeded{};
}

bool json_reread::read(const value& v) {
  count(1);
  if (v.is_string()) {
    std::string s(v.as_string());
    count(s.size());
    return reread_.text(s);
  }
  if (!v.is_collection())
    return true;
  if (v.is_object())
    return map(v);
  for (auto& item : elements(v))
    if (!read(item))
      return false;
  return true;
}

bool json_reread::map(const value& v) {
  auto members = *json_members(v);
  for (auto& [name, item] : members) {
    count(name.size());
    if (!reread_.key(name) || !read(item))
      return false;
  }
  return true;
}

class yaml_writer {
public:
  yaml_writer(call_context& c, text_sink& out) : c_(c), emit_(out) {}

  /// A value within what stands at the indent; -1 for a whole document.
  void write(const value& v, int indent, bool of_key = false);
  void finish() { emit_.begin_line(0); }

private:
  using place = yaml_emitter::place;
  using form = yaml_emitter::form;
  struct entry {
    std::string key;
    std::u32string runes;
    value item;
  };

  void scalar(const value& v, int indent);
  void text(std::string_view s, place at, int indent);
  void sequence(std::span<const value> items, int indent, bool of_key);
  void map(const value& v, int indent);
  std::vector<entry> entries(const value& v);
  void key(std::string_view s, int indent);

  call_context& c_;
  yaml_emitter emit_;
  yaml_rereader reread_; // of what is known to be read back
};

void yaml_writer::text(std::string_view s, place at, int indent) {
  bool other = yaml_reads_as_other(c_.memory(), s) || base60(s);
  bool lines = s.find('\n') != std::string_view::npos;
  emit_.scalar(s,
               lines   ? form::literal
               : other ? form::quoted
                       : form::plain,
               at, indent);
}

// As Go's library, which reads JSON as YAML first, writes a number: digit by
// digit where it is written so and fits 64 bits, else as a float64 with the
// shortest digits; one beyond that is a text.
std::string yaml_number(const value& v) {
  if (v.is_integer())
    return std::to_string(v.as_integer());
  auto text = number_text(v);
  uint64_t whole = 0;
  auto end = text.data() + text.size();
  if (auto read = std::from_chars(text.data(), end, whole);
      read.ec == std::errc() && read.ptr == end)
    return text;
  auto real = std::strtod(text.c_str(), nullptr);
  if (!std::isfinite(real))
    return text;
  return text == "-0" ? "0" : go_float(real, 'g', -1);
}

void yaml_writer::scalar(const value& v, int indent) {
  auto lines = std::max(indent, 0) + 2; // the indent of those behind the first
  if (v.is_string()) {
    std::string s(v.as_string());
    reread_.text(s);
    text(s, place::value, lines);
  } else if (v.is_collection()) {
    emit_.empty(v.is_object() ? "{}" : "[]");
  } else {
    emit_.scalar(v.is_number() ? yaml_number(v) : to_json(v), form::plain,
                 place::value, lines);
  }
}

void yaml_writer::sequence(std::span<const value> items, int indent,
                           bool of_key) {
  // Behind "key:" the items stand below the key.
  if (!of_key || emit_.at_block_begin())
    indent = indent < 0 ? 0 : indent + 2;
  for (auto& v : items) {
    emit_.begin_line(indent);
    emit_.block_mark('-');
    write(v, indent);
  }
}

std::vector<yaml_writer::entry> yaml_writer::entries(const value& v) {
  std::vector<entry> out;
  auto members = *json_members(v);
  for (auto& [name, item] : members) {
    reread_.text(name);
    auto runes = to_runes(name);
    out.push_back({std::move(name), std::move(runes), item});
  }
  std::stable_sort(out.begin(), out.end(), [](const entry& a, const entry& b) {
    return natural_less(a.runes, b.runes);
  });
  return out;
}

void yaml_writer::key(std::string_view s, int indent) {
  bool on_line = yaml_emitter::fits_line(s);
  if (!on_line)
    emit_.block_mark('?');
  text(s, on_line ? place::line_key : place::value, indent + 2);
  if (on_line)
    return emit_.colon();
  emit_.begin_line(indent);
  emit_.block_mark(':');
}

void yaml_writer::map(const value& v, int indent) {
  indent = indent < 0 ? 0 : indent + 2;
  for (auto& e : entries(v)) {
    emit_.begin_line(indent);
    key(e.key, indent);
    write(e.item, indent, true);
  }
}

void yaml_writer::write(const value& v, int indent, bool of_key) {
  c_.tick(1);
  if (!v.is_collection() || v.size() == 0)
    scalar(v, indent);
  else if (v.is_object())
    map(v, indent);
  else
    sequence(elements(v), indent, of_key);
}

value marshal_yaml(call_context& c, args a) {
  check_json_size(c, a[0]);
  json_reread reread(c);
  if (!reread.read(a[0]))
    return c.fail(reread.error());
  text_sink out(c);
  yaml_writer w(c, out);
  w.write(a[0], -1);
  w.finish();
  return out.finish();
}

} // namespace

void register_yaml_write(builtin_table& t) {
  t.add("yaml.marshal", marshal_yaml);
}

} // namespace rego
