// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON documents as values that are cheap to copy: large parts are shared, and
// a change copies only the way down to it. Used where documents are kept and
// changed (control state, tokens); policies evaluate on values of their own.
//
// Numbers keep their text wherever 64 bits do not hold them exactly, so that
// no digit is lost between what was put and what is read back. Every value
// knows the size of its compact text and its depth, which keeps a patch that
// copies a document into itself within bounds at each step.

#include "runtime/base/error.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace acgs::json {

/// Bounds for a document from outside.
struct limits {
  std::size_t bytes = 8u << 20; ///< of its text
  unsigned depth = 64;          ///< arrays and objects in one another
};

/// The longest text of one number.
inline constexpr std::size_t number_bytes_max = 1000;

class value;
using array = std::vector<value>;
using object = std::map<std::string, value, std::less<>>; ///< keys sorted

/// One JSON value. Equality is that of JSON: numbers by what they mean
/// ("1.0" is 1), objects without regard to order.
class value {
public:
  value() = default; ///< null
  explicit value(bool flag) : held_{flag} {}
  explicit value(std::int64_t number) : held_{number} {}
  explicit value(std::string text);
  explicit value(const char* text) : value{std::string{text}} {}
  explicit value(array items);
  explicit value(object members);
  /// A number by its text, which must follow RFC 8259.
  static value number(std::string_view text);

  bool is_null() const { return held_.index() == 0; }
  bool is_number() const;
  const bool* if_bool() const { return std::get_if<bool>(&held_); }
  const std::string* if_string() const;
  const array* if_array() const;
  const object* if_object() const;

  /// The number where it is an integer of 64 bits, else nothing.
  std::optional<std::int64_t> as_int() const;
  /// The number, rounded to the nearest double; nothing where it is none or
  /// beyond a double's range.
  std::optional<double> as_double() const;

  /// The member of that name, or null pointer (also where this is no object).
  const value* find(std::string_view key) const;

  /// Bytes of the compact text.
  std::size_t bytes() const;
  /// 0 for a scalar, 1 for an array of scalars, ... An upper bound after
  /// something was taken out.
  unsigned depth() const;

  /// "null", "a boolean", "a number", ...: for error messages.
  std::string_view kind_name() const;

  bool operator==(const value& other) const;

private:
  friend class editor;
  struct number_text {
    std::shared_ptr<const std::string> text;
  };
  struct array_node;
  struct object_node;
  std::string number_as_text() const;
  friend void write(const value& from, std::string& to);

  std::variant<std::monostate, bool, std::int64_t, number_text,
               std::shared_ptr<const std::string>, std::shared_ptr<array_node>,
               std::shared_ptr<object_node>>
      held_;
};

/// Reads a whole document: RFC 8259, UTF-8, no key twice in an object.
/// Fails with `invalid_argument` (naming line and column) or `too_large`.
result<value> parse(std::string_view text, limits within = {});

/// The compact text, keys sorted.
std::string to_text(const value& from);

/// Appends the compact text.
void write(const value& from, std::string& to);

/// Changes a value in place, copying what others share. Keeps sizes right.
class editor {
public:
  /// Sets a member, which may exist. `at` must be an object.
  static void set(value& at, std::string_view key, value to);
  /// Takes out a member. `at` must be an object that has it.
  static value take(value& at, std::string_view key);
  /// Puts an item before the one at `index`, or at the end.
  static void insert(value& at, std::size_t index, value item);
  static void replace(value& at, std::size_t index, value item);
  static value take(value& at, std::size_t index);

private:
  static value::array_node& own_array(value& at);
  static value::object_node& own_object(value& at);
};

} // namespace acgs::json
