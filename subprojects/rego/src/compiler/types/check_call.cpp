// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Calls, and functions that `with` puts in the place of others.

#include "compiler/code_writer.hpp"
#include "compiler/types/checker.hpp"
#include "compiler/types/declared.hpp"

namespace rego::types {

checker::signature checker::signature_of(const term& callee) const {
  if (!callee.is(term_kind::ref) || callee.args[0].text != "data") {
    auto name = callee_name(callee);
    return {builtin_type(name), builtin_table::instance().find(name)};
  }
  const auto* n = &tree_.root();
  for (size_t i = 1; n && i < callee.args.size(); ++i)
    n = rule_tree::child(*n, callee.args[i]);
  if (n && is(rules_.value(*n), type_kind::function))
    return {rules_.value(*n)};
  return {};
}

named_types checker::wanted(const signature& s, bool with_result) {
  named_types out{s.function->items, {}};
  if (with_result && s.function->rest)
    out.types.push_back(s.function->rest);
  if (s.declared)
    out.names = s.declared->names;
  return out;
}

// A nested call has a further operand in OPA's eyes: its result.
error_details checker::operands_of(const term& call, bool nested,
                                   bool with_result) const {
  std::vector<type> have;
  for (size_t i = 1; i < call.args.size(); ++i)
    have.push_back(type_of(call.args[i]));
  if (nested)
    have.push_back(nullptr);
  return tell_operands(have, wanted(signature_of(call.args[0]), with_result));
}

type checker::check_call(const term& t, const location& at, bool nested) {
  auto s = signature_of(t.args[0]);
  if (!s.function)
    return nullptr;
  auto& f = *s.function;
  auto n = f.items.size();
  if (t.args.size() < n + 1 || t.args.size() > n + (nested ? 1 : 2))
    return nullptr;
  for (size_t i = 1; i < t.args.size(); ++i) {
    if (learn(t.args[i], i <= n ? f.items[i - 1] : f.rest, false))
      continue;
    fail(at, callee_name(t.args[0]) + ": invalid argument(s)",
         operands_of(t, nested, true));
    return nullptr;
  }
  return f.rest;
}

void checker::check_with(const with_modifier& w) {
  // A function's type may not be known yet.
  if (callee_arity(tree_, w.target) < 0)
    return check(w.replacement);
  bool named =
      w.replacement.is(term_kind::var) || w.replacement.is(term_kind::ref);
  if (!named)
    return;
  auto from = signature_of(w.target), to = signature_of(w.replacement);
  if (!from.function || !to.function
      || (from.function->items.size() == to.function->items.size()
          && unifies(from.function, to.function)))
    return;
  fail(w.at, callee_name(w.target) + ": arity mismatch",
       tell_operands(to.function->items, wanted(from, false)));
}

} // namespace rego::types
