// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Types: is_*, type_name, to_number, the deprecated cast_*; comparison and
// membership as functions.

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "builtins/families.hpp"
#include "builtins/go_format.hpp"
#include "builtins/support.hpp"
#include "builtins/utf8.hpp"

namespace rego {

namespace {

template <kind K>
value is_kind(call_context&, args a) {
  return truth(a[0].type() == K);
}

value name_of_type(call_context& c, args a) {
  return c.string(type_name(a[0]));
}

template <kind K>
value cast(call_context& c, args a) {
  return need(c, a, {K}) ? a[0] : value();
}

value cast_array(call_context& c, args a) {
  if (!a[0].is_array() && !a[0].is_set())
    return c.operand_error(1, a[0], {"array", "set"});
  return make_array(c.memory(), elements(a[0]));
}

value cast_set(call_context& c, args a) {
  if (!a[0].is_array() && !a[0].is_set())
    return c.operand_error(1, a[0], {"array", "set"});
  array_builder b(c.memory(), a[0].size());
  for (auto& v : elements(a[0]))
    b.push(v);
  return b.set();
}

// Go lets underscores stand between digits, and one behind the 0x.
bool underscores_stand_well(std::string_view s, bool hex) {
  auto digit = [&](size_t i) {
    auto c = i < s.size() ? static_cast<unsigned char>(s[i]) : 0;
    return std::isdigit(c) || (hex && std::isxdigit(c));
  };
  for (size_t i = 0; i < s.size(); ++i)
    if (s[i] == '_'
        && (!digit(i + 1) || i == 0 || (!digit(i - 1) && !(hex && i == 2))))
      return false;
  return true;
}

// "0x1.8p-2", which has an exponent, in decimal; empty where it is none.
std::string hexadecimal_number(const std::string& s) {
  char* end = nullptr;
  auto d = std::strtod(s.c_str(), &end);
  if (end != s.c_str() + s.size() || s.find_first_of("pP") == s.npos)
    return {};
  return std::isinf(d) ? "1e999" : go_float(d, 'g', -1);
}

// A text that Go's ParseFloat takes, as JSON writes it: no plus sign, digits on
// both sides of the point. Empty where Go refuses it.
std::string json_number(std::string_view s) {
  std::string out;
  if (!s.empty() && (s[0] == '+' || s[0] == '-')) {
    if (s[0] == '-')
      out = "-";
    s.remove_prefix(1);
  }
  bool hex = s.starts_with("0x") || s.starts_with("0X");
  if (!underscores_stand_well(s, hex))
    return {};
  std::string joined(s);
  std::erase(joined, '_');
  if (hex) {
    auto decimal = hexadecimal_number(joined);
    return decimal.empty() ? decimal : out + decimal;
  }
  s = joined;
  auto e = std::min(s.find_first_of("eE"), s.size());
  auto mantissa = s.substr(0, e);
  auto point = std::min(mantissa.find('.'), mantissa.size());
  auto whole_part = mantissa.substr(0, point);
  auto fraction =
      point < mantissa.size() ? mantissa.substr(point + 1) : std::string_view();
  auto digits = [](std::string_view t) {
    return t.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (whole_part.empty() && fraction.empty())
    return {};
  if (!digits(whole_part) || !digits(fraction))
    return {};
  auto zeros = std::min(whole_part.find_first_not_of('0'), whole_part.size());
  whole_part.remove_prefix(zeros);
  out += whole_part.empty() ? "0" : whole_part;
  if (!fraction.empty())
    out += "." + std::string(fraction);
  if (e == s.size())
    return out;
  auto exponent = s.substr(e + 1);
  auto signless = exponent;
  if (!signless.empty() && (signless[0] == '+' || signless[0] == '-'))
    signless.remove_prefix(1);
  if (signless.empty() || !digits(signless))
    return {};
  return out + "e" + std::string(exponent);
}

value text_to_number(call_context& c, const value& v) {
  auto s = v.as_string();
  auto name =
      lower_text(s.substr(std::min(s.find_first_not_of("+-"), s.size())));
  if (name == "inf" || name == "infinity" || name == "nan")
    return c.operand_error(1, v, "valid number string");
  auto refuse = [&](std::string_view why) {
    return c.fail("strconv.ParseFloat: parsing " + go_quote(s) + ": "
                  + std::string(why));
  };
  auto text = json_number(s);
  if (text.empty())
    return refuse("invalid syntax");
  if (std::isinf(std::strtod(text.c_str(), nullptr)))
    return refuse("value out of range");
  return make_number(c.memory(), is_number_text(s) ? s : text);
}

value to_number(call_context& c, args a) {
  switch (a[0].type()) {
  case kind::null:
    return value::integer(0);
  case kind::boolean:
    return value::integer(a[0].as_boolean());
  case kind::number:
    return a[0];
  case kind::string:
    return text_to_number(c, a[0]);
  default:
    return c.operand_error(1, a[0], {"null", "boolean", "number", "string"});
  }
}

value equal_to(call_context&, args a) {
  return truth(equal(a[0], a[1]));
}
value not_equal(call_context&, args a) {
  return truth(!equal(a[0], a[1]));
}
value less(call_context&, args a) {
  return truth(compare(a[0], a[1]) < 0);
}
value less_or_equal(call_context&, args a) {
  return truth(compare(a[0], a[1]) <= 0);
}
value greater(call_context&, args a) {
  return truth(compare(a[0], a[1]) > 0);
}
value greater_or_equal(call_context&, args a) {
  return truth(compare(a[0], a[1]) >= 0);
}

value member(call_context& c, args a) {
  auto& in = a[1];
  if (in.is_set())
    return truth(find_key(in.as_object(), a[0]) >= 0);
  if (!in.is_array() && !in.is_object())
    return truth(false);
  auto list = in.is_array() ? in.items() : in.values();
  c.tick(list.size() / 8);
  for (auto& v : list)
    if (equal(v, a[0]))
      return truth(true);
  return truth(false);
}

value member_with_key(call_context&, args a) {
  if (!a[2].is_collection())
    return truth(false);
  auto found = lookup(a[2], a[0]);
  return truth(found.defined() && equal(found, a[1]));
}

} // namespace

void register_casts(builtin_table& t) {
  t.add("is_array", is_kind<kind::array>);
  t.add("is_boolean", is_kind<kind::boolean>);
  t.add("is_null", is_kind<kind::null>);
  t.add("is_number", is_kind<kind::number>);
  t.add("is_object", is_kind<kind::object>);
  t.add("is_set", is_kind<kind::set>);
  t.add("is_string", is_kind<kind::string>);
  t.add("type_name", name_of_type);
  t.add("cast_array", cast_array);
  t.add("cast_boolean", cast<kind::boolean>);
  t.add("cast_null", cast<kind::null>);
  t.add("cast_object", cast<kind::object>);
  t.add("cast_set", cast_set);
  t.add("cast_string", cast<kind::string>);
  t.add("to_number", to_number);
  t.add("eq", equal_to);
  t.add("equal", equal_to);
  t.add("neq", not_equal);
  t.add("lt", less);
  t.add("lte", less_or_equal);
  t.add("gt", greater);
  t.add("gte", greater_or_equal);
  t.add("internal.member_2", member);
  t.add("internal.member_3", member_with_key);
}

} // namespace rego
