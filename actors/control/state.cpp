// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/state.hpp"

#include "actors/control/apply.hpp"
#include "actors/control/content.hpp"

#include <array>
#include <cassert>

namespace acgs::control {

state::state(constitution_aliases aliases, filler random)
    : aliases_{std::move(aliases)}, random_{std::move(random)} {
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

control::basis state::basis() const {
  return {head_, compiled_, content_};
}

result<staged> state::stage(const wire::command& what, wall_time now) const {
  assert(!changes_content(what->kind) && "it is to be prepared");
  auto made = stamped(*what, now);
  auto next = apply(*head_, *made);
  if (!next)
    return next.error();
  return staged_upon(made, std::move(*next), *compiled_);
}

result<staged> state::stage(const prepared& what, wall_time now) const {
  assert(holds(what) && "it is to be prepared again");
  auto made = stamped(*what.command, now);
  // Commands that passed it meanwhile count as well.
  if (auto wrong = check_revision(*head_, *made))
    return wrong;
  return staged_upon(made, moved_upon(*head_, *what.state, made->time_nanos),
                     *what.compiled);
}

wire::command state::stamped(const domain::command& what, wall_time now) const {
  std::array<std::byte, 16> salt{};
  random_(salt);
  auto out = what;
  out.time_nanos = to_nanos(now);
  out.salt = salt;
  return wire::command{out};
}

/// `known` has compiled the very same content.
result<staged> state::staged_upon(const wire::command& what,
                                  domain::control_state_ptr next,
                                  const snapshot& known) const {
  auto compiled = snapshot::build(next, aliases_, &known);
  if (!compiled)
    return compiled.error();
  return staged{what, std::move(next), std::move(*compiled)};
}

void state::commit(const staged& done) {
  head_ = done.state;
  compiled_ = done.compiled;
  content_ += changes_content(done.command->kind) ? 1 : 0;
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
