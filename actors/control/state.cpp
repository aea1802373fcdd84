// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/state.hpp"

#include "actors/control/apply.hpp"
#include "actors/control/conflicts.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/domain/policy_id.hpp"

namespace acgs::control {

state::state(constitution_aliases aliases, bundle_source bundles)
    : aliases_{std::move(aliases)}, bundles_{std::move(bundles)} {
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
  auto next = apply(*head_, timed, bundles_);
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
  present_.state = head_;
  present_.compiled = compiled_;
}

void state::note_activation(std::string_view bundle, const caf::error& why,
                            wall_time now) {
  constexpr std::size_t faults_max = 1000;
  auto known = present_.faults ? *present_.faults : bundle_faults{};
  known.erase(std::string{bundle});
  if (why && known.size() < faults_max)
    known[std::string{bundle}] = {std::string{to_string_view(code_of(why))},
                                  sentence_of(why), to_nanos(now)};
  present_.faults = std::make_shared<const bundle_faults>(std::move(known));
}

} // namespace acgs::control
