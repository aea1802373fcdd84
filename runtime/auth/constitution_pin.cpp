// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/constitution_pin.hpp"

#include <algorithm>
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
  if (name.empty() || name.size() > digits_max
      || name.find(' ') != std::string_view::npos)
    return misread(field);
  return constitution_pin{std::string{name}, std::move(field)};
}

caf::error add_pin_among(const std::vector<json::member>& members,
                         std::string_view prefix, constitution_pins& to) {
  auto found = json::find_member(members, member_name);
  if (!found)
    return {};
  auto field = std::string{prefix} + std::string{member_name};
  auto text = json::string_of(*found);
  if (!text)
    return misread(field);
  auto pin = read_pin(*text, std::move(field));
  if (!pin)
    return std::move(pin.error());
  to.push_back(std::move(*pin));
  return {};
}

result<constitution_pins> pins_of_input(std::string_view input) {
  constitution_pins out;
  // Nearly all have none: no member is looked at twice where the name is not
  // there, unless an escape may hide it.
  if (input.find(member_name) == input.npos && input.find('\\') == input.npos)
    return out;
  auto members = json::members_of(input);
  if (!members)
    return out;
  if (auto wrong = add_pin_among(*members, "", out))
    return wrong;
  for (std::string_view part :
       {"context", "context.agent", "evolution_request", "data_request"})
    if (auto inner = members_at(*members, part))
      if (auto wrong = add_pin_among(*inner, std::string{part} + '.', out))
        return wrong;
  return out;
}

std::string names_of(const constitution_pins& pins) {
  std::string out;
  for (auto each = pins.begin(); each != pins.end(); ++each)
    if (std::none_of(pins.begin(), each, [&](const constitution_pin& before) {
          return before.name == each->name;
        }))
      out += (out.empty() ? "" : " ") + each->name;
  return out;
}

} // namespace acgs::auth
