// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "machine/op_shape.hpp"

#include <iterator>

namespace rego {

namespace {

constexpr std::string_view held_names[] = {
    "nothing that each way there leaves in it",
    "a value",
    "a value or nothing",
    "a lazy node",
    "an iterator",
    "an iterator",
    "an iterator's keys",
    "an iterator's position",
    "a builder",
    "the number of a query"};

} // namespace

// In the order of `op`. What `move` and `get` give hangs on b.
const op_shape& shape_of(op code) {
  using enum op_part;
  using enum op_next;
  static constexpr op_shape shapes[] = {
      {"move", into, any, none, held::lazy, follows},
      {"jump", none, none, none, held::unusable, jumps},
      {"input", into, none, none, held::value, fails},
      {"base", into, none, none, held::maybe, follows},
      {"vnode", into, node, none, held::lazy, follows},
      {"rule", into, rule, none, held::value, fails},
      {"rule_key", into, rule, op_part::value, held::value, fails},
      {"get", into, any, op_part::value, held::lazy, fails},
      {"spared", none, any, none, held::unusable, follows},
      {"join", into, op_part::value, special, held::value, follows},
      {"recall", special, none, special, held::value, fails},
      {"remember", special, none, special, held::unusable, follows},
      {"group", special, special, special, held::value, fails},
      {"group_test", builder, op_part::value, op_part::value, held::unusable,
       fails},
      {"group_row", builder, op_part::value, op_part::value, held::unusable,
       fails},
      {"group_rows", into, spent, special, held::value, follows},
      {"force", into, any, none, held::value, fails},
      {"scan", special, any, none, held::iterator, fails},
      {"scan_next", special, special, special, held::unusable, fails},
      {"truthy", none, any, none, held::unusable, fails},
      {"defined", none, any, none, held::unusable, fails},
      {"equal", none, op_part::value, op_part::value, held::unusable, fails},
      {"test", none, op_part::value, op_part::value, held::unusable, fails},
      {"compare", into, op_part::value, op_part::value, held::value, follows},
      {"arith", into, op_part::value, op_part::value, held::value, fails},
      {"array_size", none, any, none, held::unusable, fails},
      {"object_size", none, any, none, held::unusable, fails},
      {"array", into, list, none, held::value, follows},
      {"set", into, list, none, held::value, follows},
      {"object", into, list, none, held::value, follows},
      {"builtin_call", into, op_part::builtin, list, held::value, fails},
      {"call", into, function, list, held::value, fails},
      {"build", into, none, none, held::builder, follows},
      {"build_add", builder, op_part::value, none, held::unusable, follows},
      {"build_put", builder, op_part::value, op_part::value, held::unusable,
       follows},
      {"build_array", into, spent, none, held::value, follows},
      {"build_set", into, spent, none, held::value, follows},
      {"build_object", into, spent, none, held::value, follows},
      {"result", none, op_part::value, none, held::unusable, follows},
      {"member", none, op_part::value, none, held::unusable, follows},
      {"insert", none, op_part::value, list, held::unusable, follows},
      {"give_up", none, none, none, held::unusable, ends},
      {"finish", none, none, none, held::unusable, ends},
      {"solution", none, op_part::value, special, held::unusable, follows},
      {"with_input", none, list, op_part::value, held::unusable, follows},
      {"with_data", none, list, op_part::value, held::unusable, follows},
      {"with_function", none, special, special, held::unusable, follows},
      {"with_end", none, none, none, held::unusable, follows},
      {"text", into, list, none, held::value, fails},
      {"print", none, list, none, held::unusable, follows},
      {"metadata", into, op_part::value, none, held::value, follows},
      {"trace", special, special, special, held::unusable, follows}};
  static_assert(std::size(shapes) == static_cast<size_t>(op::trace) + 1);
  return shapes[static_cast<size_t>(code)];
}

std::string_view held_name(held k) {
  return held_names[static_cast<size_t>(k)];
}

} // namespace rego
