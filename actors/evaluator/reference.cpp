// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/reference.hpp"

#include "runtime/base/json_text.hpp"

#include <algorithm>
#include <array>

namespace acgs::evaluator {

namespace {

constexpr std::array<std::string_view, 15> keywords{
    "as",     "contains", "data",  "default", "else", "every",   "false", "if",
    "import", "in",       "input", "not",     "null", "package", "some"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_identifier(std::string_view name) {
  return !name.empty() && is_letter(name.front())
         && std::all_of(name.begin(), name.end(),
                        [](char c) { return is_letter(c) || is_digit(c); })
         && name != "true" && name != "with" && name != "_"
         && std::find(keywords.begin(), keywords.end(), name) == keywords.end();
}

bool is_index(std::string_view name) {
  return !name.empty() && name.size() <= 9
         && std::all_of(name.begin(), name.end(), is_digit)
         && (name.size() == 1 || name.front() != '0');
}

void append_part(std::string& to, std::string_view name) {
  if (is_identifier(name)) {
    to += '.';
    to += name;
    return;
  }
  to += '[';
  if (is_index(name))
    to += name;
  else
    append_json_string(to, name);
  to += ']';
}

/// A step as it is meant. A tilde before anything but 0 and 1 is no escape:
/// records from before there were any hold tildes as they are.
std::string unescaped(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    auto pair = step.substr(i, 2);
    bool escape = pair == "~1" || pair == "~0";
    out += pair == "~1" ? '/' : step[i];
    i += escape ? 1 : 0;
  }
  return out;
}

} // namespace

std::string reference_of(std::string_view path) {
  std::string out = "data";
  while (!path.empty()) {
    auto end = std::min(path.find('/'), path.size());
    if (end > 0)
      append_part(out, unescaped(path.substr(0, end)));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return out;
}

} // namespace acgs::evaluator
