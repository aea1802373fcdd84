// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Types as OPA prints them.

#include "compiler/types/type.hpp"

namespace rego::types {

namespace {

std::string joined(const std::vector<type>& list) {
  std::string out;
  for (auto& t : list)
    out += (out.empty() ? "" : ", ") + text(t);
  return out;
}

std::string bracketed(const std::string& list) {
  return list.empty() ? "" : "<" + list + ">";
}

std::string array_text(const type_node& n) {
  return "array" + bracketed(joined(n.items))
         + (n.rest ? "[" + text(n.rest) + "]" : "");
}

std::string object_text(const type_node& n) {
  std::string list;
  for (auto& p : n.properties) {
    auto name = p.key.kind == type_kind::null ? "<nil>" : p.key.text;
    list += (list.empty() ? "" : ", ") + name + ": " + text(p.value);
  }
  return "object" + bracketed(list)
         + (n.key || n.rest ? "[" + text(n.key) + ": " + text(n.rest) + "]"
                            : "");
}

} // namespace

std::string text(const type& t) {
  if (!t)
    // In two parts, since together with what follows it is a trigraph.
    return "?"
           "??";
  switch (t->kind) {
  case type_kind::null:
    return "null";
  case type_kind::boolean:
    return "boolean";
  case type_kind::number:
    return "number";
  case type_kind::string:
    return "string";
  case type_kind::array:
    return array_text(*t);
  case type_kind::object:
    return object_text(*t);
  case type_kind::set:
    return "set[" + text(t->rest) + "]";
  case type_kind::any:
    return "any" + bracketed(joined(t->items));
  case type_kind::function:
    return list_text(t->items) + " => " + text(t->rest);
  }
  return "";
}

std::string list_text(const std::vector<type>& list) {
  return "(" + joined(list) + ")";
}

} // namespace rego::types
