// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/json.hpp"

#include "runtime/base/json_text.hpp"
#include "runtime/base/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace acgs::json {

struct value::array_node {
  array items;
  std::size_t bytes = 2;
  unsigned depth = 1;
};

struct value::object_node {
  object members;
  std::size_t bytes = 2;
  unsigned depth = 1;
};

namespace {

/// How many bytes `append_json_string` writes for a character of a well-formed
/// text.
std::size_t escaped_bytes(char c) {
  switch (c) {
  case '"':
  case '\\':
  case '\n':
  case '\r':
  case '\t':
    return 2;
  default:
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? 6 : 1;
  }
}

std::size_t quoted_bytes(std::string_view text) {
  std::size_t out = 2;
  for (char c : text)
    out += escaped_bytes(c);
  return out;
}

/// What a member adds besides its comma.
std::size_t member_bytes(std::string_view key, const value& of) {
  return quoted_bytes(key) + 1 + of.bytes();
}

/// A decimal number without what does not change its meaning: digits with no
/// zero at either end, and the power of ten of the last digit.
struct decimal {
  bool negative = false;
  std::string digits; ///< empty: zero
  std::int64_t exponent = 0;
  bool operator==(const decimal&) const = default;
};

decimal normalised(std::string_view text) {
  decimal out;
  if (text.starts_with('-')) {
    out.negative = true;
    text.remove_prefix(1);
  }
  auto power = text.find_first_of("eE");
  if (power != text.npos) {
    auto from = text.substr(power + 1);
    if (from.starts_with('+'))
      from.remove_prefix(1);
    // The parser has bounded it.
    std::from_chars(from.data(), from.data() + from.size(), out.exponent);
    text = text.substr(0, power);
  }
  auto point = text.find('.');
  out.digits = text.substr(0, point);
  if (point != text.npos) {
    out.digits += text.substr(point + 1);
    out.exponent -= static_cast<std::int64_t>(text.size() - point - 1);
  }
  out.digits.erase(
      0, std::min(out.digits.find_first_not_of('0'), out.digits.size()));
  while (out.digits.ends_with('0')) {
    out.digits.pop_back();
    ++out.exponent;
  }
  if (out.digits.empty())
    out = {};
  return out;
}

} // namespace

value::value(std::string text)
    : held_{std::make_shared<const std::string>(std::move(text))} {
  // Nothing else to do.
}

value::value(array items) {
  auto node = std::make_shared<array_node>();
  for (const auto& item : items) {
    node->bytes += item.bytes();
    node->depth = std::max(node->depth, item.depth() + 1);
  }
  node->bytes += items.empty() ? 0 : items.size() - 1;
  node->items = std::move(items);
  held_ = std::move(node);
}

value::value(object members) {
  auto node = std::make_shared<object_node>();
  for (const auto& [key, member] : members) {
    node->bytes += member_bytes(key, member);
    node->depth = std::max(node->depth, member.depth() + 1);
  }
  node->bytes += members.empty() ? 0 : members.size() - 1;
  node->members = std::move(members);
  held_ = std::move(node);
}

value value::number(std::string_view text) {
  // "-0" is the one integer that 64 bits do not hold.
  if (auto whole = parse_number<std::int64_t>(text); whole && text != "-0")
    return value{*whole};
  value out;
  out.held_ = number_text{std::make_shared<const std::string>(text)};
  return out;
}

bool value::is_number() const {
  return std::holds_alternative<std::int64_t>(held_)
         || std::holds_alternative<number_text>(held_);
}

const std::string* value::if_string() const {
  auto out = std::get_if<std::shared_ptr<const std::string>>(&held_);
  return out ? out->get() : nullptr;
}

const array* value::if_array() const {
  auto out = std::get_if<std::shared_ptr<array_node>>(&held_);
  return out ? &(*out)->items : nullptr;
}

const object* value::if_object() const {
  auto out = std::get_if<std::shared_ptr<object_node>>(&held_);
  return out ? &(*out)->members : nullptr;
}

std::optional<std::int64_t> value::as_int() const {
  if (auto whole = std::get_if<std::int64_t>(&held_))
    return *whole;
  if (!is_number())
    return std::nullopt;
  // "1.0" and "1e3" are integers too.
  auto exact = normalised(number_as_text());
  if (exact.exponent < 0 || exact.exponent > 18)
    return std::nullopt;
  auto digits = (exact.negative ? "-" : "") + exact.digits
                + std::string(static_cast<std::size_t>(exact.exponent), '0');
  if (exact.digits.empty())
    return 0;
  return parse_number<std::int64_t>(digits);
}

std::optional<double> value::as_double() const {
  if (!is_number())
    return std::nullopt;
  return parse_number<double>(number_as_text());
}

const value* value::find(std::string_view key) const {
  auto members = if_object();
  if (!members)
    return nullptr;
  auto at = members->find(key);
  return at == members->end() ? nullptr : &at->second;
}

std::size_t value::bytes() const {
  if (is_null())
    return 4;
  if (auto flag = if_bool())
    return *flag ? 4 : 5;
  if (auto text = if_string())
    return quoted_bytes(*text);
  if (auto node = std::get_if<std::shared_ptr<array_node>>(&held_))
    return (*node)->bytes;
  if (auto node = std::get_if<std::shared_ptr<object_node>>(&held_))
    return (*node)->bytes;
  return number_as_text().size();
}

unsigned value::depth() const {
  if (auto node = std::get_if<std::shared_ptr<array_node>>(&held_))
    return (*node)->depth;
  if (auto node = std::get_if<std::shared_ptr<object_node>>(&held_))
    return (*node)->depth;
  return 0;
}

std::string_view value::kind_name() const {
  constexpr std::string_view names[] = {"null",     "a boolean", "a number",
                                        "a number", "a string",  "an array",
                                        "an object"};
  return names[held_.index()];
}

std::string value::number_as_text() const {
  if (auto whole = std::get_if<std::int64_t>(&held_))
    return std::to_string(*whole);
  return *std::get<number_text>(held_).text;
}

bool value::operator==(const value& other) const {
  if (is_number() && other.is_number())
    return normalised(number_as_text()) == normalised(other.number_as_text());
  if (held_.index() != other.held_.index())
    return false;
  if (auto flag = if_bool())
    return *flag == *other.if_bool();
  if (auto text = if_string())
    return *text == *other.if_string();
  if (auto items = if_array())
    return *items == *other.if_array();
  if (auto members = if_object())
    return *members == *other.if_object();
  return true;
}

void write(const value& from, std::string& to) {
  if (from.is_null()) {
    to += "null";
  } else if (auto flag = from.if_bool()) {
    to += *flag ? "true" : "false";
  } else if (auto text = from.if_string()) {
    append_json_string(to, *text);
  } else if (auto items = from.if_array()) {
    char before = '[';
    for (const auto& item : *items) {
      to += std::exchange(before, ',');
      write(item, to);
    }
    to += items->empty() ? "[]" : "]";
  } else if (auto members = from.if_object()) {
    char before = '{';
    for (const auto& [key, member] : *members) {
      to += std::exchange(before, ',');
      append_json_string(to, key);
      to += ':';
      write(member, to);
    }
    to += members->empty() ? "{}" : "}";
  } else {
    to += from.number_as_text();
  }
}

std::string to_text(const value& from) {
  std::string out;
  out.reserve(from.bytes());
  write(from, out);
  return out;
}

value::array_node& editor::own_array(value& at) {
  auto& node = std::get<std::shared_ptr<value::array_node>>(at.held_);
  if (node.use_count() > 1)
    node = std::make_shared<value::array_node>(*node);
  return *node;
}

value::object_node& editor::own_object(value& at) {
  auto& node = std::get<std::shared_ptr<value::object_node>>(at.held_);
  if (node.use_count() > 1)
    node = std::make_shared<value::object_node>(*node);
  return *node;
}

void editor::set(value& at, std::string_view key, value to) {
  auto& node = own_object(at);
  node.depth = std::max(node.depth, to.depth() + 1);
  auto found = node.members.find(key);
  if (found != node.members.end()) {
    node.bytes -= found->second.bytes();
    node.bytes += to.bytes();
    found->second = std::move(to);
    return;
  }
  node.bytes += member_bytes(key, to) + (node.members.empty() ? 0 : 1);
  node.members.emplace(std::string{key}, std::move(to));
}

value editor::take(value& at, std::string_view key) {
  auto& node = own_object(at);
  auto found = node.members.find(key);
  auto out = std::move(found->second);
  node.bytes -= member_bytes(key, out) + (node.members.size() > 1 ? 1 : 0);
  node.members.erase(found);
  return out;
}

void editor::insert(value& at, std::size_t index, value item) {
  auto& node = own_array(at);
  node.depth = std::max(node.depth, item.depth() + 1);
  node.bytes += item.bytes() + (node.items.empty() ? 0 : 1);
  node.items.insert(node.items.begin() + static_cast<std::ptrdiff_t>(index),
                    std::move(item));
}

void editor::replace(value& at, std::size_t index, value item) {
  auto& node = own_array(at);
  node.depth = std::max(node.depth, item.depth() + 1);
  node.bytes -= node.items[index].bytes();
  node.bytes += item.bytes();
  node.items[index] = std::move(item);
}

value editor::take(value& at, std::size_t index) {
  auto& node = own_array(at);
  auto out = std::move(node.items[index]);
  node.bytes -= out.bytes() + (node.items.size() > 1 ? 1 : 0);
  node.items.erase(node.items.begin() + static_cast<std::ptrdiff_t>(index));
  return out;
}

} // namespace acgs::json
