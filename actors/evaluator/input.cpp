// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/input.hpp"

#include "runtime/base/json_text.hpp"

#include <array>
#include <initializer_list>

namespace acgs::evaluator {

namespace {

void append_member(std::string& to, std::string_view name,
                   std::string_view text) {
  to += '"';
  to += name;
  to += "\":";
  append_json_string(to, text);
}

void append_caller(std::string& to, const domain::identity_view& caller) {
  to += "\"caller\":{";
  append_member(to, "subject", caller.subject);
  to += ',';
  append_member(to, "role", domain::to_string_view(caller.role_));
  to += ',';
  append_member(to, "tenant", caller.tenant);
  to += ',';
  append_member(to, "method", domain::to_string_view(caller.method));
  to += '}';
}

/// The text without white space (as JSON has it) at its end.
std::string_view trimmed(std::string_view text) {
  auto last = text.find_last_not_of(" \t\r\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

using member_path = std::array<std::string_view, 3>;

constexpr std::array<member_path, 7> agent_paths{{
    {"agent_id", "", ""},
    {"agent", "id", ""},
    {"agent", "agent_id", ""},
    {"context", "agent", "id"},
    {"context", "agent", "agent_id"},
    {"context", "agent_id", ""},
    {"evolution_request", "agent_id", ""},
}};

} // namespace

std::string effective_input(const domain::decide_request& request) {
  std::string out;
  auto input = trimmed(request.input);
  out.reserve(input.size() + 128);
  if (input.empty()) {
    out += '{';
    append_caller(out, request.caller);
    out += '}';
    return out;
  }
  out += input;
  if (out.back() != '}')
    return out; // no object, and so without a caller that anyone could forge
  out.pop_back();
  auto rest = trimmed(out);
  if (!rest.empty() && rest.back() != '{')
    out += ',';
  append_caller(out, request.caller);
  out += '}';
  return out;
}

rego::value member(const rego::value& of, std::string_view key) {
  // Few members, and no arena to make a key in: a linear search.
  if (of.is_object())
    for (std::size_t i = 0; i < of.size(); ++i)
      if (of.keys()[i].is_string() && of.keys()[i].as_string() == key)
        return of.values()[i];
  return {};
}

std::string agent_of(const rego::value& input,
                     const domain::identity_view& caller) {
  constexpr std::size_t bytes_max = 128;
  for (const auto& path : agent_paths) {
    auto found = input;
    for (auto key : path)
      if (!key.empty())
        found = member(found, key);
    if (found.is_string() && found.as_string().size() <= bytes_max
        && !found.as_string().empty())
      return std::string{found.as_string()};
  }
  return std::string{caller.subject.substr(0, bytes_max)};
}

} // namespace acgs::evaluator
