// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the compiler knows of a value before there is one. Types are immutable
// and share their parts. They are bounded in size, depth and members of a
// union; what would go beyond is `any`, which nothing is refused for. So each
// function below takes bounded time and stack.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "parser/ast.hpp"

namespace rego::types {

/// In the order in which OPA sorts the members of a union.
enum class type_kind : uint8_t {
  null,
  boolean,
  number,
  string,
  array,
  object,
  set,
  any,
  function
};

struct type_node;

/// Null where nothing is known; OPA prints that as ???.
using type = std::shared_ptr<const type_node>;

/// A constant that is no collection, as a key of an object: ordered by kind,
/// numbers by value.
struct constant_key {
  type_kind kind = type_kind::null;
  std::string text; // of a string its value, else as written
};

struct property {
  constant_key key;
  type value;
};

struct type_node {
  type_kind kind = type_kind::any;
  bool unknown = false; // some part of it is null
  uint8_t depth = 1;
  uint32_t size = 1;                // nodes, counted as a tree
  std::vector<type> items;          // of an array, a union; arguments
  std::vector<property> properties; // of an object, sorted, each key once
  type key;                         // of an object's other properties
  type rest; // of an array's, object's other elements; a set's; a result
  // Of a large array or object what keys() and values() say, worked out once.
  type all_keys, all_values;
};

/// null, boolean, number or string.
type scalar(type_kind k);
/// The union of all.
type any();
type array_of(std::vector<type> items, type rest);
type object_of(std::vector<property> properties, type key, type value);
type set_of(type element);
type function_of(std::vector<type> arguments, type result);

/// The union of two; null where both are. Functions of one arity become one.
type either(const type& a, const type& b);

inline bool is(const type& t, type_kind k) {
  return t && t->kind == k;
}
/// `any` itself, not a union of some.
inline bool is_anything(const type& t) {
  return is(t, type_kind::any) && t->items.empty();
}
/// Is it or some part of it not known?
inline bool has_unknown(const type& t) {
  return !t || t->unknown;
}

/// OPA's order of types.
int compare(const type& a, const type& b);
int compare(const constant_key& a, const constant_key& b);

/// Can a value be of both? Never where one of them is null.
bool unifies(const type& a, const type& b);

/// The key that a constant is; the term is a scalar.
constant_key key_of(const term& scalar);
/// What keys and elements a collection has; null where it has none.
type keys(const type& collection);
type values(const type& collection);
/// The element under a constant; null where there is none.
type select(const type& collection, const constant_key& key);

/// As OPA prints it.
std::string text(const type& t);
/// "(number, string)" of arguments.
std::string list_text(const std::vector<type>& list);

} // namespace rego::types
