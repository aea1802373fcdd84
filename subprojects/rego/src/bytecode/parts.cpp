// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "bytecode/parts.hpp"

#include "builtins/builtin.hpp"
#include "core/unicode.hpp"
#include "rego/build.hpp"

namespace rego {

void builtin_numbers::add(int32_t engine) {
  names.push_back(
      builtin_table::instance().at(static_cast<size_t>(engine)).name);
}

void form_writer::size(size_t n) {
  if (n > UINT32_MAX)
    throw form_refused{out.size(),
                       std::to_string(n) + " parts in one list; at most "
                           + std::to_string(UINT32_MAX) + " are written"};
  number(static_cast<uint32_t>(n));
}

void form_writer::text(std::string_view s) {
  // Names of files may be in any bytes.
  auto valid = repair_utf8(s);
  size(valid.size());
  out += valid;
}

void form_writer::value(const rego::value& v) {
  auto tag = [&](value_tag t) { number(static_cast<uint8_t>(t)); };
  switch (v.type()) {
  case kind::undefined:
  case kind::node:
    return tag(value_tag::undefined);
  case kind::null:
    return tag(value_tag::null);
  case kind::boolean:
    return tag(v.as_boolean() ? value_tag::truth : value_tag::falsehood);
  case kind::number:
    if (v.is_integer()) {
      tag(value_tag::integer);
      return number(v.as_integer());
    }
    tag(value_tag::number);
    return text(number_text(v));
  case kind::string:
    tag(value_tag::string);
    return text(v.as_string());
  case kind::array:
    tag(value_tag::array);
    return list(v.items(), 1, [&](auto& x) { value(x); });
  case kind::set:
    tag(value_tag::set);
    return list(v.keys(), 1, [&](auto& x) { value(x); });
  case kind::object:
    tag(value_tag::object);
    size(v.size());
    for (size_t i = 0; i < v.size(); ++i) {
      value(v.keys()[i]);
      value(v.values()[i]);
    }
  }
}

void form_reader::refuse(size_t at, std::string why) {
  throw form_refused{at, std::move(why)};
}

void form_reader::refuse(std::string why) const {
  refuse(at_, std::move(why));
}

const char* form_reader::take(size_t n, const char* what) {
  if (n > left())
    refuse(std::string(what) + " of " + std::to_string(n)
           + " bytes is expected; " + std::to_string(left()) + " are left");
  auto* p = bytes_.data() + at_;
  at_ += n;
  return p;
}

void form_reader::below(uint8_t& n, uint8_t last, const char* what) {
  auto from = at_;
  number(n);
  if (n > last)
    refuse(from, std::string(what) + " is " + std::to_string(n)
                     + "; expected at most " + std::to_string(last));
}

size_t form_reader::size(size_t least) {
  auto from = at_;
  uint32_t n = 0;
  number(n);
  if (n > left() / least)
    refuse(from, "a list has " + std::to_string(n) + " parts of at least "
                     + std::to_string(least) + " bytes; "
                     + std::to_string(left()) + " bytes are left");
  return n;
}

std::string_view form_reader::text(const char* what) {
  auto n = size(1);
  auto from = at_;
  auto* p = take(n, what);
  for (auto* end = p + n; p < end;) {
    char32_t c = 0;
    auto* behind = read_utf8(p, end, c);
    if (!behind)
      refuse(static_cast<size_t>(p - bytes_.data()),
             std::string(what) + " is not UTF-8");
    p = behind;
  }
  return bytes_.substr(from, n);
}

void form_reader::builtin(int32_t& n) {
  auto from = at_;
  number(n);
  if (n < 0 || static_cast<size_t>(n) >= builtins.size())
    refuse(from, "built-in " + std::to_string(n) + "; the file names "
                     + std::to_string(builtins.size()));
  n = builtins[static_cast<size_t>(n)];
}

value form_reader::read_part(size_t depth) {
  auto from = at_;
  auto v = read_value(depth);
  if (!v.defined())
    refuse(from, "a part of a value is undefined");
  return v;
}

value form_reader::read_collection(value_tag t, size_t depth) {
  auto from = at_;
  if (depth >= value_depth_max)
    refuse("a value has more than " + std::to_string(value_depth_max)
           + " levels");
  if (t == value_tag::object) {
    auto n = size(2);
    object_builder b(*memory_, n);
    for (size_t i = 0; i < n; ++i) {
      auto key = read_part(depth + 1);
      b.add(key, read_part(depth + 1));
    }
    auto v = b.finish();
    if (v.size() != n)
      refuse(from, "an object has a key twice");
    return v;
  }
  auto n = size(1);
  array_builder b(*memory_, n);
  for (size_t i = 0; i < n; ++i)
    b.push(read_part(depth + 1));
  auto v = t == value_tag::array ? b.array() : b.set();
  if (v.size() != n)
    refuse(from, "a set has a member twice");
  return v;
}

value form_reader::read_value(size_t depth) {
  auto from = at_;
  auto t = value_tag::undefined;
  one_of(t, value_tag::set);
  switch (t) {
  case value_tag::undefined:
    return {};
  case value_tag::null:
    return rego::value::null();
  case value_tag::falsehood:
    return rego::value::boolean(false);
  case value_tag::truth:
    return rego::value::boolean(true);
  case value_tag::integer: {
    int64_t n = 0;
    number(n);
    return rego::value::integer(n);
  }
  case value_tag::number: {
    auto s = text("a number's text");
    if (!is_number_text(s))
      refuse(from, "a number's text is none");
    return make_number(*memory_, s);
  }
  case value_tag::string:
    return make_string(*memory_, text("a string"));
  default:
    return read_collection(t, depth);
  }
}

} // namespace rego
