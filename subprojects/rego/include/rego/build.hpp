// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes values: strings, arrays, objects, sets, numbers. Everything made lives
// in the arena given, which the caller owns. Builders gather in any order and
// sort once in finish(); a builder is used by one thread and finished once.
// A collection that would be deeper than value_depth_max throws bound_reached.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

uint32_t hash_bytes(std::string_view text);

/// A string value holding a copy of the text (UTF-8).
value make_string(arena& a, std::string_view text);

/// A string of `size` bytes for the caller to fill before calling seal().
class string_buffer {
public:
  string_buffer(arena& a, size_t size);
  char* data();
  /// The finished string; `size` may be smaller than what was asked for.
  value seal(size_t size);

private:
  string_node* node_;
};

/// The depth of a collection of these in the arena; throws where that is too
/// deep.
uint16_t depth_above(const arena& a, std::span<const value> items);

/// An array of copies of the items.
value make_array(arena& a, std::span<const value> items);
inline value make_array(arena& a, std::initializer_list<value> items) {
  return make_array(a, std::span(items.begin(), items.size()));
}
/// An array whose items already lie in the arena.
value adopt_array(arena& a, const value* items, size_t size);

/// A set whose members already lie in the arena, in OPA's order and each once.
value adopt_set(arena& a, const value* members, size_t size);

/// The items in OPA's order, duplicates kept.
value sorted_array(arena& a, std::span<const value> items);

/// Gathers values in an arena: push, then array(), or set().
class array_builder {
public:
  explicit array_builder(arena& a, size_t expected = 0);
  void push(const value& v) {
    if (size_ == capacity_)
      grow();
    items_[size_++] = v;
  }
  size_t size() const { return size_; }
  const value& operator[](size_t i) const { return items_[i]; }
  std::span<const value> items() const { return {items_, size_}; }
  /// The items in the order pushed.
  value array();
  /// The items sorted, duplicates dropped.
  value set();

private:
  void grow();
  arena& arena_;
  value* items_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

/// Gathers pairs; finish() sorts them by key.
class object_builder {
public:
  explicit object_builder(arena& a, size_t expected = 0)
      : keys_(a, expected), values_(a, expected), arena_(a) {}
  void add(const value& key, const value& v) {
    keys_.push(key);
    values_.push(v);
  }
  void add(std::string_view key, const value& v) {
    add(make_string(arena_, key), v);
  }
  size_t size() const { return keys_.size(); }
  /// Of equal keys the pair added last stays, as in JSON.
  value finish();
  /// Undefined where one key has two different values.
  value finish_unique();

private:
  value build(bool unique);
  array_builder keys_;
  array_builder values_;
  arena& arena_;
};

/// The object with the value at that key. What a key stands for is replaced
/// without a look at the others; the keys are shared then.
value with_member(arena& a, const value& object, const value& key,
                  const value& v);

/// A number from the text of a JSON number, which must be valid: an int64 where
/// it is a plain integer that fits, else a decimal that keeps its text.
value make_number(arena& a, std::string_view text);
/// As OPA makes a number of a big.Float: the shortest text that reads back to
/// 64 bits of mantissa, of whole numbers without an exponent (1e25 / 3 is
/// 3333333333333333333300000).
value make_number(arena& a, long double real);
/// As OPA makes a number of a big.Int: a whole number digit by digit.
value make_whole_number(arena& a, long double real);

/// Valid as a JSON number?
bool is_number_text(std::string_view text);
/// The number's value, rounded to 64 bits of mantissa.
long double to_real(const value& number);
/// The number where it is integral and fits an int64, whatever its spelling
/// (2.0 and 2e0 are 2).
std::optional<int64_t> to_int64(const value& number);
/// The number as OPA prints it.
std::string number_text(const value& number);

/// A deep copy, for data that outlives the arena it was built in.
value deep_copy(arena& to, const value& v);

} // namespace rego
