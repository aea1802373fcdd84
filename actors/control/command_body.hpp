// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the names and the JSON bodies of commands, strictly: unknown members
// are refused, and each error names the member and what was expected.

#include "runtime/base/error.hpp"
#include "runtime/base/json.hpp"

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace acgs::control {

/// Refuses a name that is empty, longer than `max` bytes, not UTF-8, or holds
/// control characters. `what` says what it names, "policy id".
caf::error check_name(std::string_view what, std::string_view name,
                      std::size_t max);

/// Refuses a name that is not made of letters, digits and "._@:-".
caf::error check_identifier(std::string_view what, std::string_view name,
                            std::size_t max);

/// A text for an error message: quoted and cut.
std::string shown(std::string_view text);

/// The members of a JSON object, read one by one. The first thing wrong is
/// kept; what is read after it does not count.
class command_body {
public:
  command_body(std::string_view text,
               std::initializer_list<std::string_view> known);

  bool has(std::string_view name) const;

  /// A string of 1 to `max` bytes without control characters.
  std::string text(std::string_view name, std::size_t max);
  /// The same, or empty where the member is missing or empty.
  std::string optional_text(std::string_view name, std::size_t max);
  /// The same, of several lines.
  std::string optional_lines(std::string_view name, std::size_t max);
  /// A whole number, not negative.
  std::int64_t whole(std::string_view name);
  /// A number from 0 to `max`.
  double number(std::string_view name, double max);

  /// One of the names, as its place among them.
  template <class Enum>
  Enum one_of(std::string_view name, std::span<const std::string_view> names) {
    return static_cast<Enum>(place_of(name, names));
  }

  /// What was wrong, or nothing.
  const caf::error& wrong() const { return wrong_; }

private:
  std::string text_without(std::string_view name, std::size_t max,
                           bool (*unfit)(std::string_view));
  void refuse(std::string_view name, const std::string& expected);
  std::size_t place_of(std::string_view name,
                       std::span<const std::string_view> names);

  json::value members_;
  caf::error wrong_;
};

} // namespace acgs::control
