// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// yaml.marshal: block style as Go's yaml package writes it: two spaces a level,
// a sequence at its key's own indent, text quoted where it would read back as
// something else.

#include <algorithm>
#include <charconv>
#include <cmath>

#include "builtins/families.hpp"
#include "builtins/go_format.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"
#include "builtins/yaml_scalar.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

// Keys in an order that takes runs of digits as numbers.
bool natural_less(std::string_view a, std::string_view b) {
  auto digit = [](char ch) { return ch >= '0' && ch <= '9'; };
  auto letter = [](char ch) { return (ch | 32) >= 'a' && (ch | 32) <= 'z'; };
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (a[i] == b[i])
      continue;
    if (letter(a[i]) != letter(b[i]) && !digit(a[i]) && !digit(b[i]))
      return letter(b[i]);
    if (digit(a[i]) && digit(b[i])) {
      auto x = std::min(a.find_first_not_of("0123456789", i), a.size());
      auto y = std::min(b.find_first_not_of("0123456789", i), b.size());
      if (x != y)
        return x < y;
    }
    return a[i] < b[i];
  }
  return a.size() < b.size();
}

bool base60(std::string_view s) {
  return s.find(':') != std::string_view::npos
         && s.find_first_not_of("0123456789_:.+-") == std::string_view::npos;
}

// Control characters, which only double quotes can hold.
bool special(std::string_view s) {
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    if (!r.valid || (!is_printable(r.code) && r.code != ' '))
      return true;
    i += r.size;
  }
  return false;
}

bool plain_allowed(std::string_view s) {
  if (s.empty() || s.front() == ' ' || s.back() == ' ')
    return false;
  if (std::string_view("#,[]{}&*!|>'\"%@`").find(s[0])
      != std::string_view::npos)
    return false;
  if (std::string_view("-?:").find(s[0]) != std::string_view::npos
      && (s.size() == 1 || s[1] == ' '))
    return false;
  return s.find(": ") == std::string_view::npos
         && s.find(" #") == std::string_view::npos && !s.ends_with(':')
         && !s.starts_with("---") && !s.starts_with("...");
}

class yaml_writer {
public:
  yaml_writer(call_context& c, text_sink& out) : c_(c), out_(out) {}
  void write(const value& v, size_t indent);
  void scalar(const value& v, size_t indent);

private:
  void text(std::string_view s, size_t indent);
  void double_quoted(std::string_view s);
  void literal(std::string_view s, size_t indent);
  void sequence(std::span<const value> items, size_t indent);
  void map(const value& v, size_t indent);
  static bool is_block(const value& v) {
    return v.is_collection() && v.size() > 0;
  }
  call_context& c_;
  text_sink& out_;
};

void yaml_writer::double_quoted(std::string_view s) {
  out_.put('"');
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    constexpr std::string_view from = "\a\b\f\n\r\t\v\\\"\x1b\0",
                               to = "abfnrtv\\\"e0";
    auto at = r.code < 128 ? from.find(static_cast<char>(r.code))
                           : std::string_view::npos;
    char hex[16];
    if (r.code == 0) {
      out_.put("\\0");
    } else if (at != std::string_view::npos) {
      out_.put('\\');
      out_.put(to[at]);
    } else if (!is_printable(r.code) && r.code != ' ') {
      std::snprintf(hex, sizeof hex,
                    r.code < 256     ? "\\x%02X"
                    : r.code < 65536 ? "\\u%04X"
                                     : "\\U%08X",
                    static_cast<unsigned>(r.code));
      out_.put(hex);
    } else {
      out_.put(s.substr(i, r.size));
    }
    i += r.size;
  }
  out_.put('"');
}

void yaml_writer::literal(std::string_view s, size_t indent) {
  out_.put('|');
  if (s[0] == ' ' || s[0] == '\n')
    out_.put('2');
  if (!s.ends_with('\n'))
    out_.put('-');
  else if (s.size() == 1 || s[s.size() - 2] == '\n')
    out_.put('+');
  for (size_t from = 0; from < s.size();) {
    auto to = std::min(s.find('\n', from), s.size());
    out_.put('\n');
    if (to > from)
      out_.put(' ', indent + 2);
    out_.put(s.substr(from, to - from));
    from = to + 1;
  }
}

void yaml_writer::text(std::string_view s, size_t indent) {
  bool lines = s.find('\n') != std::string_view::npos;
  std::string flat(s);
  std::replace(flat.begin(), flat.end(), '\n', ' ');
  if (special(flat))
    return double_quoted(s);
  if (lines) {
    bool trailing_space = s.find(" \n") != std::string_view::npos;
    return trailing_space ? double_quoted(s) : literal(s, indent);
  }
  if (yaml_reads_as_other(c_.memory(), s) || base60(s))
    return double_quoted(s);
  if (plain_allowed(s))
    return out_.put(s);
  out_.put('\'');
  for (auto ch : s)
    out_.put(ch, ch == '\'' ? 2 : 1);
  out_.put('\'');
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

void yaml_writer::scalar(const value& v, size_t indent) {
  if (v.is_string())
    text(v.as_string(), indent);
  else
    out_.put(v.is_number() ? yaml_number(v) : to_json(v));
}

void yaml_writer::sequence(std::span<const value> items, size_t indent) {
  bool first = true;
  for (auto& v : items) {
    if (!first) {
      out_.put('\n');
      out_.put(' ', indent);
    }
    first = false;
    out_.put("- ");
    write(v, indent + 2);
  }
}

void yaml_writer::map(const value& v, size_t indent) {
  std::vector<std::pair<std::string, size_t>> keys;
  for (size_t i = 0; i < v.size(); ++i) {
    auto& k = v.keys()[i];
    keys.emplace_back(k.is_string() ? std::string(k.as_string()) : to_json(k),
                      i);
  }
  std::stable_sort(keys.begin(), keys.end(), [](auto& a, auto& b) {
    return natural_less(a.first, b.first);
  });
  bool first = true;
  for (auto& [key, i] : keys) {
    if (!first) {
      out_.put('\n');
      out_.put(' ', indent);
    }
    first = false;
    if (key.find('\n') != std::string::npos)
      double_quoted(key);
    else
      text(key, indent);
    out_.put(':');
    auto& item = v.values()[i];
    if (!is_block(item)) {
      out_.put(' ');
      write(item, indent);
      continue;
    }
    auto deeper = item.is_object() ? indent + 2 : indent;
    out_.put('\n');
    out_.put(' ', deeper);
    write(item, deeper);
  }
}

void yaml_writer::write(const value& v, size_t indent) {
  c_.tick(1);
  if (!is_block(v))
    scalar(v, indent);
  else if (v.is_object())
    map(v, indent);
  else
    sequence(elements(v), indent);
}

value marshal_yaml(call_context& c, args a) {
  text_sink out(c);
  yaml_writer(c, out).write(a[0], 0);
  if (!out.text().ends_with('\n'))
    out.put('\n');
  return out.finish();
}

} // namespace

void register_yaml_write(builtin_table& t) {
  t.add("yaml.marshal", marshal_yaml);
}

} // namespace rego
