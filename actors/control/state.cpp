// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/state.hpp"

#include "actors/control/apply.hpp"
#include "actors/control/conflicts.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/domain/policy_id.hpp"

namespace acgs::control {

state::state(constitution_aliases aliases) : aliases_{std::move(aliases)} {
  // Nothing is known before `resume`.
}

caf::error state::resume(domain::control_state_ptr from) {
  auto compiled = snapshot::build(from, aliases_, nullptr);
  if (!compiled)
    return make_error(
        code_of(compiled.error()),
        "control state at revision " + std::to_string(from->revision)
            + " cannot be taken up: " + sentence_of(compiled.error()));
  head_ = std::move(from);
  compiled_ = std::move(*compiled);
  return {};
}

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

result<staged> state::stage(const wire::command& what, wall_time now) const {
  if (auto wrong = check_new(*what))
    return wrong;
  auto timed = *what;
  timed.time_nanos = to_nanos(now);
  auto next = apply(*head_, timed);
  if (!next)
    return next.error();
  auto compiled = snapshot::build(*next, aliases_, compiled_.get());
  if (!compiled)
    return compiled.error();
  bool same = (*compiled)->policies() == compiled_->policies()
              && (*compiled)->data() == compiled_->data();
  if (!same)
    if (auto wrong = check_conflicts(**compiled))
      return wrong;
  return staged{wire::command{timed}, std::move(*next), std::move(*compiled)};
}

void state::commit(const staged& done) {
  head_ = done.state;
  compiled_ = done.compiled;
}

void state::publish() {
  present_ = {head_, compiled_};
}

} // namespace acgs::control
