// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego.parse_module: a module's syntax tree in the shape of OPA's JSON.

#include "builtins/ast_json.hpp"
#include "builtins/builtin.hpp"
#include "builtins/families.hpp"
#include "core/outside_memory.hpp"
#include "parser/parse.hpp"

namespace rego {

namespace {

value parsed_module(call_context& c, std::span<const value> a) {
  for (int i = 0; i < 2; ++i)
    if (!a[static_cast<size_t>(i)].is_string())
      return c.operand_error(i + 1, a[static_cast<size_t>(i)], "string");
  c.tick(a[1].as_string().size());
  outside_memory counted(c.memory());
  auto m = parse_module(a[0].as_string(), a[1].as_string(), {});
  if (!m)
    return c.fail(to_string(m.error_list()));
  return tree_of(c.memory(), *m, {});
}

} // namespace

void register_parse_module(builtin_table& t) {
  t.add("rego.parse_module", parsed_module);
}

} // namespace rego
