// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// json.patch (RFC 6902), on sets as well. Whatever goes wrong makes the result
// undefined, as in OPA.

#include "builtins/families.hpp"
#include "builtins/json_path.hpp"
#include "builtins/patched.hpp"
#include "builtins/support.hpp"

namespace rego {

namespace {

struct operation {
  std::string_view op;
  json_path path, from;
  value operand;
};

bool read_operation(call_context& c, const value& v, operation& out) {
  if (!v.is_object())
    return false;
  auto get = [&](std::string_view name) { return lookup(v, c.string(name)); };
  auto read = [&](std::string_view name, json_path& to) {
    auto p = get(name);
    return p.defined() && read_path(c, p, to);
  };
  auto op = get("op");
  if (!op.is_string() || !read("path", out.path))
    return false;
  out.op = op.as_string();
  if (out.op == "move" || out.op == "copy")
    return read("from", out.from);
  out.operand = get("value");
  return out.op == "remove"
         || ((out.op == "add" || out.op == "replace" || out.op == "test")
             && out.operand.defined());
}

// False where the document does not allow it.
bool apply(patched& to, const operation& o) {
  if (o.op == "add")
    return to.insert(o.path, o.operand);
  if (o.op == "remove")
    return to.remove(o.path);
  if (o.op == "replace")
    return to.replace(o.path, o.operand);
  if (o.op == "test") {
    auto found = to.at(o.path);
    return found.defined() && equal(found, o.operand);
  }
  auto taken = to.at(o.from);
  if (!taken.defined())
    return false;
  // What is moved from everywhere can go nowhere else.
  bool leaves = o.op == "move" && !(o.from.empty() && o.path.empty());
  return (!leaves || to.remove(o.from)) && to.insert(o.path, taken);
}

value json_patch(call_context& c, args a) {
  if (!a[1].is_array())
    return c.operand_error(2, a[1], "array");
  patched document(c, a[0]);
  for (auto& p : a[1].items()) {
    operation o;
    if (!read_operation(c, p, o) || !apply(document, o))
      return {};
  }
  return document.at({});
}

} // namespace

void register_json_patch(builtin_table& t) {
  t.add("json.patch", json_patch);
}

} // namespace rego
