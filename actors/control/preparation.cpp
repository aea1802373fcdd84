// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/preparation.hpp"

#include "actors/control/apply.hpp"
#include "actors/control/conflicts.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/domain/policy_id.hpp"

namespace acgs::control {

namespace {

/// What is asked of new commands and not of those in the history, which were
/// taken by the rules of their day.
caf::error check_new(const domain::command& what) {
  if (what.kind != domain::command_kind::put_policy
      || domain::is_policy_id(what.name))
    return {};
  std::string shown;
  append_json_string(shown, what.name.substr(0, 100));
  return make_error(ec::invalid_argument,
                    "policy id " + shown + ": expected "
                        + std::string{domain::policy_id_form},
                    "id");
}

} // namespace

result<prepared> prepare(const basis& upon, const wire::command& what,
                         wall_time now, const constitution_aliases& aliases,
                         const bundle_source& bundles,
                         const rego::compile_limits& limits) {
  if (auto wrong = check_new(*what))
    return wrong;
  auto timed = *what;
  timed.time_nanos = to_nanos(now);
  auto next = apply(*upon.state, timed, bundles);
  if (!next)
    return next.error();
  auto compiled = snapshot::build(*next, aliases, upon.compiled.get(), limits);
  if (!compiled)
    return compiled.error();
  bool same = (*compiled)->policies() == upon.compiled->policies()
              && (*compiled)->data() == upon.compiled->data();
  if (!same)
    if (auto wrong = check_conflicts(**compiled))
      return wrong;
  return prepared{what, std::move(*next), std::move(*compiled), upon.content};
}

} // namespace acgs::control
