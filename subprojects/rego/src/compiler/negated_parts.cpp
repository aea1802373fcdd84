// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/negated_parts.hpp"

namespace rego {

namespace {

bool is_composite(const term& t) {
  return t.is(term_kind::array) || t.is(term_kind::object)
         || t.is(term_kind::set);
}

void lift_part(term& t, const lifter& lift) {
  if (t.is(term_kind::call) || t.is(term_kind::ref))
    t = lift(t);
  else if (is_composite(t))
    for (auto& part : t.args)
      lift_part(part, lift);
}

// A term that is matched as a whole: a reference may be undefined there.
void lift_within(term& t, const lifter& lift) {
  if (!t.is(term_kind::ref))
    return lift_part(t, lift);
  for (size_t i = 1; i < t.args.size(); ++i)
    lift_part(t.args[i], lift);
}

} // namespace

void lift_negated_parts(expr& e, bool in_rule, const lifter& lift) {
  if (e.kind == expr_kind::every)
    return lift_part(e.terms.back(), lift);
  if (e.kind != expr_kind::term)
    return;
  auto& t = e.terms[0];
  if (!t.is(term_kind::call))
    return lift_within(t, lift);
  bool matches = t.args.size() == 3
                 && (t.is_call("eq") || t.is_call("assign")
                     || (in_rule && t.is_call("equal")));
  for (size_t i = 1; i < t.args.size(); ++i) {
    if (matches)
      lift_within(t.args[i], lift);
    else
      lift_part(t.args[i], lift);
  }
}

} // namespace rego
