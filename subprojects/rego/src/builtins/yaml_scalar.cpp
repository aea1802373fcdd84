// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/yaml_scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "builtins/go_format.hpp"
#include "builtins/go_time.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

bool one_of_these(std::string_view s,
                  std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), s) != list.end();
}

// Integers with 0x, 0b, 0o or a leading zero, in decimal; empty for what is
// none.
std::string yaml_integer(std::string_view plain) {
  bool negative = plain.starts_with('-');
  auto d = plain;
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
  return (negative && n ? "-" : "") + std::to_string(n);
}

std::string without_underscores(std::string_view s) {
  std::string out;
  std::copy_if(s.begin(), s.end(), std::back_inserter(out),
               [](char c) { return c != '_'; });
  return out;
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

// Seconds east of UTC of a text that ends in "+01:30"; else none.
int zone_offset_of(std::string_view s) {
  auto two = [](std::string_view d) { return (d[0] - '0') * 10 + d[1] - '0'; };
  if (s.size() < 6 || s[s.size() - 3] != ':')
    return 0;
  auto zone = s.substr(s.size() - 6);
  if (zone[0] != '+' && zone[0] != '-')
    return 0;
  int size = two(zone.substr(1)) * 3600 + two(zone.substr(4)) * 60;
  return zone[0] == '-' ? -size : size;
}

// A date, or a date and a time, as Go's JSON encoder writes it.
std::string time_text(std::string_view s) {
  auto year = std::min(s.find_first_not_of("0123456789"), s.size());
  if (year != 4 || year == s.size() || s[4] != '-')
    return {};
  for (auto layout :
       {"2006-1-2T15:4:5.999999999Z07:00", "2006-1-2t15:4:5.999999999Z07:00",
        "2006-1-2 15:4:5.999999999", "2006-1-2"}) {
    auto t = parse_time(layout, s);
    if (!t.error.empty())
      continue;
    bool zoned = std::string_view(layout).ends_with("00");
    auto offset = zoned ? zone_offset_of(s) : 0;
    return format_time(make_civil(t.seconds, t.nanosecond, offset, ""),
                       "2006-01-02T15:04:05.999999999Z07:00");
  }
  return {};
}

// YAML 1.1 knows more words than the decoder of Go's own values.
value yaml_boolean(std::string_view s, yaml_rules rules) {
  bool more = rules == yaml_rules::json;
  if (one_of_these(s, {"true", "True", "TRUE"})
      || (more
          && one_of_these(s,
                          {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"})))
    return value::boolean(true);
  if (one_of_these(s, {"false", "False", "FALSE"})
      || (more
          && one_of_these(s,
                          {"n", "N", "no", "No", "NO", "off", "Off", "OFF"})))
    return value::boolean(false);
  return {};
}

// Go's JSON encoder writes %f but for very small and very large numbers, and
// OPA numbers of its own %g.
std::string yaml_number_text(double d, yaml_rules rules) {
  if (rules == yaml_rules::native)
    return go_float(d, 'g', -1);
  auto size = std::fabs(d);
  bool scientific = size != 0 && (size < 1e-6 || size >= 1e21);
  return go_float(d, scientific ? 'e' : 'f', -1);
}

} // namespace

value yaml_scalar(arena& to, std::string_view s, yaml_rules rules) {
  if (one_of_these(s, {"", "~", "null", "Null", "NULL"}))
    return value::null();
  if (auto b = yaml_boolean(s, rules); b.defined())
    return b;
  auto bare = s.substr(s.starts_with('-') || s.starts_with('+'));
  if (one_of_these(bare, {".inf", ".Inf", ".INF"})
      || one_of_these(s, {".nan", ".NaN", ".NAN"}))
    return {};
  if (rules == yaml_rules::native)
    if (auto t = time_text(s); !t.empty())
      return make_string(to, t);
  auto plain = without_underscores(s);
  bool begins = (s[0] >= '0' && s[0] <= '9') || s[0] == '-' || s[0] == '+';
  if (begins)
    if (auto n = yaml_integer(plain); !n.empty())
      return make_number(to, n);
  if (!float_text(begins ? plain : s))
    return make_string(to, s);
  auto d = std::strtod(plain.c_str(), nullptr);
  if (!std::isfinite(d))
    return make_string(to, s);
  return make_number(to, yaml_number_text(d, rules));
}

bool yaml_is_integer(std::string_view text) {
  return !yaml_integer(without_underscores(text)).empty();
}

std::string_view yaml_limit_name(std::string_view text) {
  if (text.ends_with('n') || text.ends_with('N'))
    return "NaN";
  return text.starts_with('-') ? "-Inf" : "+Inf";
}

std::string yaml_key_of_number(std::string_view text, bool is_float) {
  auto plain = without_underscores(text);
  if (auto whole = yaml_integer(plain); !is_float && !whole.empty()) {
    int64_t n = 0;
    auto end = whole.data() + whole.size();
    return std::from_chars(whole.data(), end, n).ec == std::errc() ? whole : "";
  }
  auto f = static_cast<float>(std::strtod(plain.c_str(), nullptr));
  if (!std::isfinite(f))
    return f < 0 ? "-.inf" : ".inf";
  char digits[32];
  *std::to_chars(digits, digits + sizeof digits - 1, f).ptr = 0;
  return go_float(std::strtod(digits, nullptr), 'g', -1);
}

bool yaml_reads_as_other(arena& memory, std::string_view text) {
  return !yaml_scalar(memory, text).is_string() || !time_text(text).empty();
}

} // namespace rego
