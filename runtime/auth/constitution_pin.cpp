// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/constitution_pin.hpp"

#include <optional>
#include <utility>

namespace acgs::auth {

namespace {

constexpr std::string_view member_name = "constitutional_hash";
constexpr std::size_t digits_max = 64;

caf::error misread(const std::string& field) {
  return make_error(ec::invalid_argument,
                    field + " must be a text of 16 or 64 hexadecimal digits",
                    field);
}

/// The members of the object that a path of names, joined by dots, leads to.
std::optional<std::vector<json::member>>
members_at(const std::vector<json::member>& members, std::string_view path) {
  auto dot = path.find('.');
  auto at = json::find_member(members, path.substr(0, dot));
  auto inner = at ? json::members_of(*at) : std::nullopt;
  if (!inner || dot == path.npos)
    return inner;
  return members_at(*inner, path.substr(dot + 1));
}

} // namespace

result<constitution_pin> read_pin(std::string_view name, std::string field) {
  if (name.empty() || name.size() > digits_max)
    return misread(field);
  return constitution_pin{std::string{name}, std::move(field)};
}

result<constitution_pin> read_pin_json(std::string_view json,
                                       std::string field) {
  auto text = json::string_of(json);
  if (!text)
    return misread(field);
  return read_pin(*text, std::move(field));
}

result<constitution_pin> pin_among(const std::vector<json::member>& members,
                                   std::string_view prefix) {
  auto found = json::find_member(members, member_name);
  if (!found)
    return constitution_pin{};
  return read_pin_json(*found, std::string{prefix} + std::string{member_name});
}

result<constitution_pin> pin_of_input(std::string_view input) {
  // Nearly all have none: no member is looked at twice where the name is not
  // there, unless an escape may hide it.
  if (input.find(member_name) == input.npos && input.find('\\') == input.npos)
    return constitution_pin{};
  auto members = json::members_of(input);
  if (!members)
    return constitution_pin{};
  auto out = pin_among(*members, "");
  for (std::string_view part :
       {"context", "context.agent", "evolution_request", "data_request"}) {
    auto inner = out ? members_at(*members, part) : std::nullopt;
    if (!inner)
      continue;
    auto next = pin_among(*inner, std::string{part} + '.');
    if (!next)
      return next;
    out = both_pins(std::move(*out), std::move(*next));
  }
  return out;
}

result<constitution_pin> both_pins(constitution_pin one,
                                   constitution_pin another) {
  if (another.name.empty())
    return one;
  if (one.name.empty() || one.name == another.name)
    return another;
  return make_error(ec::invalid_argument,
                    another.field + " is '" + another.name + "', but "
                        + one.field + " is '" + one.name + "'",
                    another.field);
}

} // namespace acgs::auth
