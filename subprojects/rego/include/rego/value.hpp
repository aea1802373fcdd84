// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The value: 16 bytes, a tag and a payload. Small integers, booleans and null
// live inside; strings, decimals and collections are pointers into an arena
// that outlives the value. Values are immutable once built, hold no reference
// count and are copied freely; readers on any thread may share them.
//
// Layout: kind (1 byte), form (1), depth (2), string hash (4), payload (8).
// Objects keep keys and values in two arrays, both in OPA's order of the keys;
// sets are objects without values. From nine entries on a hash index over
// scalar keys stands beside them.
//
// A collection knows how many levels it has. No builder makes one deeper than
// value_depth_max, so whatever walks a value may recurse; but for an arena that
// allows more (arena::allow_deeper), for syntax trees that are only printed.

#include <cstdint>
#include <span>
#include <string_view>

namespace rego {

/// In OPA's sort order; undefined is no Rego value, node is the machine's own.
enum class kind : uint8_t {
  undefined,
  null,
  boolean,
  number,
  string,
  array,
  object,
  set,
  node
};

class value;

/// Levels of collections in a value at most; a builder that would go beyond
/// throws bound_reached.
inline constexpr uint16_t value_depth_max = 1000;

/// A string's bytes follow its header.
struct string_node {
  uint32_t size;
  uint32_t hash;
  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
};

/// A number that is no int64: its text (as OPA's json.Number keeps it) and its
/// value rounded to 64 bits of mantissa. A computed number with a fraction has
/// no text (its size is 0): `real` tells it, each time that somebody asks, so
/// that nothing is written once others may read. Read it by number_text().
struct decimal_node {
  long double real;
  uint32_t size;
  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
};

struct array_node {
  uint32_t size;
  const value* items;
};

/// An object or, where `values` is null, a set. `index` is an open-addressing
/// table of `index_mask + 1` positions plus one (0 is free), or null.
struct object_node {
  uint32_t size;
  uint32_t index_mask;
  const value* keys;
  const value* values;
  const uint32_t* index;
};

/// A Rego value or undefined.
class value {
public:
  value() : kind_(kind::undefined), form_(0), depth_(0), hash_(0), bits_(0) {}
  static value null() { return value(kind::null, 0, 0, 0); }
  static value boolean(bool b) { return value(kind::boolean, 0, 0, b); }
  static value integer(int64_t i) {
    return value(kind::number, 0, 0, static_cast<uint64_t>(i));
  }
  explicit value(const string_node* s)
      : value(kind::string, 0, s->hash, pointer(s)) {}
  explicit value(const decimal_node* d)
      : value(kind::number, 1, 0, pointer(d)) {}
  value(const array_node* a, uint16_t depth)
      : value(kind::array, 0, 0, pointer(a)) {
    depth_ = depth;
  }
  value(const object_node* o, uint16_t depth)
      : value(o->values ? kind::object : kind::set, 0, 0, pointer(o)) {
    depth_ = depth;
  }
  /// The machine's own: an object not yet materialised.
  static value node(const void* p, uint32_t id) {
    return value(kind::node, 0, id, pointer(p));
  }

  kind type() const { return kind_; }
  bool defined() const { return kind_ != kind::undefined; }
  bool is_null() const { return kind_ == kind::null; }
  bool is_boolean() const { return kind_ == kind::boolean; }
  bool is_number() const { return kind_ == kind::number; }
  /// A number held as int64; a decimal such as 1.0 is none, as in OPA.
  bool is_integer() const { return kind_ == kind::number && form_ == 0; }
  bool is_string() const { return kind_ == kind::string; }
  bool is_array() const { return kind_ == kind::array; }
  bool is_object() const { return kind_ == kind::object; }
  bool is_set() const { return kind_ == kind::set; }
  bool is_collection() const { return kind_ >= kind::array; }
  bool is_true() const { return is_boolean() && bits_ == 1; }
  bool is_false() const { return is_boolean() && bits_ == 0; }

  // Accessors: the caller has looked at the type.
  bool as_boolean() const { return bits_ != 0; }
  int64_t as_integer() const { return static_cast<int64_t>(bits_); }
  const decimal_node* as_decimal() const { return at<decimal_node>(); }
  const string_node* as_string_node() const { return at<string_node>(); }
  std::string_view as_string() const {
    auto* s = at<string_node>();
    return {s->data(), s->size};
  }
  uint32_t string_hash() const { return hash_; }
  const array_node* as_array() const { return at<array_node>(); }
  const object_node* as_object() const { return at<object_node>(); }
  const void* as_pointer() const { return at<void>(); }
  uint32_t node_id() const { return hash_; }
  /// Levels of collections: 0 of a scalar, 1 of [] and [1].
  uint16_t depth() const { return depth_; }
  uint64_t raw_bits() const { return bits_; }

  /// Elements of an array, in order.
  std::span<const value> items() const;
  /// Keys of an object or members of a set, in OPA's order.
  std::span<const value> keys() const;
  /// Values of an object, in the order of its keys.
  std::span<const value> values() const;
  /// Entries of a collection; 0 for all else.
  uint32_t size() const;

private:
  value(kind k, uint8_t form, uint32_t hash, uint64_t bits)
      : kind_(k), form_(form), depth_(0), hash_(hash), bits_(bits) {}
  static uint64_t pointer(const void* p) {
    return reinterpret_cast<uintptr_t>(p);
  }
  template <class T>
  const T* at() const {
    return reinterpret_cast<const T*>(static_cast<uintptr_t>(bits_));
  }

  kind kind_;
  uint8_t form_;
  uint16_t depth_;
  uint32_t hash_;
  uint64_t bits_;
};

static_assert(sizeof(value) == 16);

inline std::span<const value> value::items() const {
  return {as_array()->items, as_array()->size};
}
inline std::span<const value> value::keys() const {
  return {as_object()->keys, as_object()->size};
}
inline std::span<const value> value::values() const {
  return {as_object()->values, as_object()->size};
}
inline uint32_t value::size() const {
  return is_array()                          ? as_array()->size
         : is_object() || kind_ == kind::set ? as_object()->size
                                             : 0;
}

/// OPA's total order: null < boolean < number < string < array < object < set.
/// Numbers compare by exact value (1 equals 1.0). Negative, 0 or positive.
int compare(const value& a, const value& b);

/// compare(a, b) == 0, decided for everything but scalars out of line.
bool equal_slow(const value& a, const value& b);
inline bool equal(const value& a, const value& b) {
  if (a.type() != b.type())
    return false;
  if (a.raw_bits() == b.raw_bits() && a.is_integer() == b.is_integer())
    return true;
  if (a.is_string() && a.string_hash() != b.string_hash())
    return false;
  if (a.is_integer() && b.is_integer())
    return false;
  return equal_slow(a, b);
}

/// Hash of a scalar, equal for equal scalars; 0 for a collection.
uint32_t scalar_hash(const value& v);
/// Of any value: equal ones have the same, large ones are looked at in part.
uint32_t value_hash(const value& v);

/// Position of a key in an object or set, or -1.
int64_t find_key(const object_node* o, const value& key);

/// What `collection[key]` refers to: an element, an object's value, a set's
/// member itself; undefined where there is none.
value lookup(const value& collection, const value& key);

/// "null", "boolean", "number", "string", "array", "object" or "set".
std::string_view type_name(const value& v);

} // namespace rego
