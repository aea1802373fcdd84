// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// opa.runtime, trace, and the joining of a template string's parts.

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "builtins/written_size.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

value runtime(call_context& c, args) {
  auto& kept = c.evaluation_cache()["opa.runtime"];
  if (kept.defined())
    return kept;
  auto r = parse_json(c.memory(), c.runtime_json());
  if (!r || !r->is_object())
    return c.fail("the runtime's description is no JSON object");
  return kept = *r;
}

// The note itself is the explainer's: it sees the call.
value trace(call_context& c, args a) {
  return need(c, a, {kind::string}) ? truth(true) : value();
}

// Each part is a value, or a set of none (undefined) or one.
value template_string(call_context& c, args a) {
  if (!need(c, a, {kind::array}))
    return {};
  check_written_size(c, a[0]);
  text_sink out(c);
  for (auto v : a[0].items()) {
    if (v.is_set()) {
      if (v.size() == 0) {
        out.put("<undefined>");
        continue;
      }
      if (v.size() > 1)
        return c.fail("eval_conflict_error",
                      "template-strings must not produce multiple outputs");
      v = v.keys()[0];
    }
    out.put(v.is_string() ? std::string(v.as_string()) : to_rego(v));
  }
  return out.finish();
}

} // namespace

void register_runtime(builtin_table& t) {
  t.add("internal.template_string", template_string);
  t.add("opa.runtime", runtime);
  t.add("trace", trace);
}

} // namespace rego
