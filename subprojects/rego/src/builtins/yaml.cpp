// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// yaml.unmarshal and yaml.is_valid.

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "builtins/yaml_text.hpp"
#include "core/outside_memory.hpp"

namespace rego {

namespace {

bool parse_yaml(call_context& c, std::string_view text, value& to,
                std::string& error) {
  outside_memory counted(c.memory());
  yaml_reading how;
  how.part = [&](size_t bytes) {
    c.tick(bytes);
    c.check_bounds();
  };
  how.node = [&] { c.tick(1); };
  return value_of_yaml(c.memory(), text, how, to, error);
}

value unmarshal_yaml(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  value v;
  std::string error;
  return parse_yaml(c, a[0].as_string(), v, error) ? v : c.fail(error);
}

value is_yaml(call_context& c, args a) {
  value v;
  std::string error;
  return truth(a[0].is_string() && parse_yaml(c, a[0].as_string(), v, error));
}

} // namespace

void register_yaml(builtin_table& t) {
  t.add("yaml.is_valid", is_yaml);
  t.add("yaml.unmarshal", unmarshal_yaml);
}

} // namespace rego
