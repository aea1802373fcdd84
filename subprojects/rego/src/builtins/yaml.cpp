// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// yaml.unmarshal and yaml.is_valid. Aliases are followed, so a document may
// grow far beyond its text: the arena's limit bounds it.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <istream>
#include <streambuf>

#include "builtins/base64.hpp"
#include "builtins/families.hpp"
#include "builtins/go_format.hpp"
#include "builtins/support.hpp"
#include "builtins/yaml_document.hpp"
#include "builtins/yaml_scalar.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

bool one_of(std::string_view s, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), s) != list.end();
}

// Integers with 0x, 0b, 0o or a leading zero, and underscores between digits.
value yaml_integer(call_context& c, std::string_view s) {
  std::string t;
  for (auto ch : s)
    if (ch != '_')
      t += ch;
  bool negative = t.starts_with('-');
  std::string_view d(t);
  if (negative || d.starts_with('+'))
    d.remove_prefix(1);
  int base = 10;
  if (d.starts_with("0x") || d.starts_with("0X"))
    base = 16;
  else if (d.starts_with("0b") || d.starts_with("0B"))
    base = 2;
  else if (d.starts_with("0o") || d.starts_with("0O"))
    base = 8;
  if (base != 10)
    d.remove_prefix(2);
  else if (d.size() > 1 && d[0] == '0')
    base = 8;
  uint64_t n = 0;
  auto [end, ec] = std::from_chars(d.data(), d.data() + d.size(), n, base);
  if (d.empty() || ec != std::errc() || end != d.data() + d.size()
      || (negative && n > uint64_t{1} << 63))
    return {};
  return make_number(c.memory(), (negative ? "-" : "") + std::to_string(n));
}

// [-+]? ( .digits | digits [. digits?] ) [e exponent]
bool float_text(std::string_view s) {
  size_t i = !s.empty() && (s[0] == '-' || s[0] == '+');
  auto digits = [&] {
    auto from = i;
    while (i < s.size() && s[i] >= '0' && s[i] <= '9')
      ++i;
    return i - from;
  };
  auto n = digits();
  if (i < s.size() && s[i] == '.') {
    ++i;
    n += digits();
  }
  if (n == 0)
    return false;
  if (i < s.size() && (s[i] | 32) == 'e') {
    ++i;
    if (i < s.size() && (s[i] == '-' || s[i] == '+'))
      ++i;
    if (digits() == 0)
      return false;
  }
  return i == s.size();
}

class reader {
public:
  reader(call_context& c, size_t bytes)
      : c_(c), nodes_left_(400'000 + 10 * bytes) {}

  // False with `error` set.
  bool read(const yaml_node& n, int depth, value& to);
  std::string error;

private:
  static constexpr int depth_max = 500;
  bool scalar(const yaml_node& n, value& to);
  bool binary(const std::string& text, value& to);
  bool sequence(const yaml_node& n, int depth, value& to);
  bool map(const yaml_node& n, int depth, value& to);
  bool merge(const yaml_node& n, int depth, object_builder& to);
  bool pairs(const yaml_node& n, int depth, object_builder& to);
  bool key(const yaml_node& n, value& to);
  bool fail(std::string what) {
    error = std::move(what);
    return false;
  }
  call_context& c_;
  // An alias stands for all of another node: as many as Go's reader lets
  // aliases of a short text make, and of a long one what the text itself may.
  size_t nodes_left_;
};

bool reader::scalar(const yaml_node& n, value& to) {
  constexpr std::string_view core = "tag:yaml.org,2002:";
  auto& text = n.text;
  std::string_view tag = n.tag;
  if (tag == "tag:yaml.org,2002:binary")
    return binary(text, to);
  auto kind = tag.starts_with(core) ? tag.substr(core.size()) : tag;
  bool resolves = one_of(kind, {"", "?", "int", "float", "bool", "null"});
  if (!resolves) {
    to = c_.string(text);
    return true;
  }
  to = yaml_scalar(c_, text);
  if (!to.defined())
    return fail("json: unsupported value: " + text);
  bool whole = to.is_number() && to_json(to).find('.') == std::string::npos;
  bool fits = kind == "int"     ? whole
              : kind == "float" ? to.is_number()
              : kind == "bool"  ? to.is_boolean()
              : kind == "null"  ? to.is_null()
                                : true;
  return fits
         || fail("yaml: cannot decode `" + text + "` as a !!"
                 + std::string(kind));
}

bool reader::binary(const std::string& text, value& to) {
  auto r = base64_decode(text, base64_form::standard);
  if (r.bad)
    return fail("yaml: !!binary value contains invalid base64 data");
  to = c_.string(r.bytes);
  return true;
}

bool reader::key(const yaml_node& n, value& to) {
  bool is_scalar = n.kind == yaml_kind::scalar;
  if (!is_scalar && n.kind != yaml_kind::null)
    return fail("unsupported map key of a collection");
  value v = value::null();
  if (is_scalar && !scalar(n, v))
    return false;
  if (v.is_null())
    return fail("Unsupported map key of type: null");
  to = v.is_string() ? v : c_.string(to_json(v));
  return true;
}

// The key "<<", not in quotes.
bool merges(const yaml_node& key) {
  return key.kind == yaml_kind::scalar && key.text == "<<"
         && (key.tag.empty() || key.tag == "?");
}

bool reader::pairs(const yaml_node& n, int depth, object_builder& to) {
  for (size_t i = 0; i + 1 < n.parts.size(); i += 2) {
    c_.tick(1);
    if (merges(*n.parts[i]))
      continue;
    value k, v;
    if (!key(*n.parts[i], k) || !read(*n.parts[i + 1], depth + 1, v))
      return false;
    to.add(k, v);
  }
  return true;
}

// What is merged in comes first, so that the map's own keys win.
bool reader::merge(const yaml_node& n, int depth, object_builder& to) {
  for (size_t i = 0; i + 1 < n.parts.size(); i += 2) {
    if (!merges(*n.parts[i]))
      continue;
    auto* from = n.parts[i + 1];
    std::vector<const yaml_node*> sources{from}; // refused below where no map
    if (from->kind == yaml_kind::sequence)
      sources.assign(from->parts.rbegin(), from->parts.rend());
    for (auto* s : sources) {
      if (s->kind != yaml_kind::map)
        return fail("yaml: map merge requires map or sequence of maps as the "
                    "value");
      if (depth > depth_max || !merge(*s, depth + 1, to)
          || !pairs(*s, depth + 1, to))
        return fail(error.empty() ? "yaml: exceeded max depth" : error);
    }
  }
  return true;
}

bool reader::map(const yaml_node& n, int depth, value& to) {
  object_builder b(c_.memory(), n.parts.size() / 2);
  if (!merge(n, depth, b) || !pairs(n, depth, b))
    return false;
  to = b.finish();
  return true;
}

bool reader::sequence(const yaml_node& n, int depth, value& to) {
  array_builder b(c_.memory(), n.parts.size());
  for (auto* item : n.parts) {
    c_.tick(1);
    value v;
    if (!read(*item, depth + 1, v))
      return false;
    b.push(v);
  }
  to = b.array();
  return true;
}

bool reader::read(const yaml_node& n, int depth, value& to) {
  if (depth > depth_max)
    return fail("yaml: exceeded max depth");
  if (nodes_left_-- == 0)
    return fail("yaml: document contains excessive aliasing");
  c_.tick(1);
  switch (n.kind) {
  case yaml_kind::scalar:
    return scalar(n, to);
  case yaml_kind::sequence:
    return sequence(n, depth, to);
  case yaml_kind::map:
    return map(n, depth, to);
  default:
    to = value::null();
    return true;
  }
}

// A text that counts the work of each part that is read. The parser asks for
// more as it goes, so that an evaluation can end within a document.
class watched_text : public std::streambuf {
public:
  watched_text(call_context& c, std::string_view text)
      : context_(c), begin_(const_cast<char*>(text.data())), // only read
        end_(begin_ + text.size()) {
    setg(begin_, begin_, begin_);
  }

protected:
  int_type underflow() override {
    // What was read before has been parsed by now, a microsecond a byte.
    if (egptr() != begin_) {
      context_.tick(part);
      context_.check_bounds();
    }
    if (egptr() == end_)
      return traits_type::eof();
    setg(begin_, egptr(),
         egptr() + std::min<std::ptrdiff_t>(part, end_ - egptr()));
    return traits_type::to_int_type(*gptr());
  }

private:
  // More than the parser asks for at its making, where it would not clean up
  // after an exception.
  static constexpr int part = 4096;
  call_context& context_;
  char* begin_;
  char* end_;
};

// The first document.
bool parse_yaml(call_context& c, std::string_view text, value& to,
                std::string& error) {
  watched_text source(c, text);
  std::istream in(&source);
  yaml_document document;
  if (!read_yaml(in, text, document, error))
    return false;
  to = value::null();
  if (!document.root)
    return true;
  reader r(c, text.size());
  bool ok = r.read(*document.root, 0, to);
  error = r.error;
  return ok;
}

value unmarshal_yaml(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  value v;
  std::string error;
  return parse_yaml(c, a[0].as_string(), v, error) ? v : c.fail(error);
}

value is_yaml(call_context& c, args a) {
  value v;
  std::string error;
  return truth(a[0].is_string() && parse_yaml(c, a[0].as_string(), v, error));
}

} // namespace

value yaml_scalar(call_context& c, std::string_view s) {
  if (one_of(s, {"", "~", "null", "Null", "NULL"}))
    return value::null();
  if (one_of(s, {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on",
                 "On", "ON"}))
    return value::boolean(true);
  if (one_of(s, {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off",
                 "Off", "OFF"}))
    return value::boolean(false);
  auto bare = s.substr(s.starts_with('-') || s.starts_with('+'));
  if (one_of(bare, {".inf", ".Inf", ".INF"})
      || one_of(s, {".nan", ".NaN", ".NAN"}))
    return {};
  if ((s[0] >= '0' && s[0] <= '9') || s[0] == '-' || s[0] == '+')
    if (auto n = yaml_integer(c, s); n.defined())
      return n;
  if (!float_text(s))
    return c.string(s);
  auto d = std::strtod(std::string(s).c_str(), nullptr);
  if (!std::isfinite(d))
    return c.string(s);
  // Go's JSON encoder: %f but for very small and very large numbers.
  auto size = std::fabs(d);
  bool scientific = size != 0 && (size < 1e-6 || size >= 1e21);
  return make_number(c.memory(), go_float(d, scientific ? 'e' : 'f', -1));
}

bool yaml_reads_as_other(call_context& c, std::string_view text) {
  return !yaml_scalar(c, text).is_string();
}

void register_yaml(builtin_table& t) {
  t.add("yaml.is_valid", is_yaml);
  t.add("yaml.unmarshal", unmarshal_yaml);
}

} // namespace rego
