// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/breaker/shared.hpp"

#include "runtime/actor/bounded.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace acgs::breaker {

namespace {

breaker_actor::behavior_type desk(breaker_actor::pointer,
                                  const std::shared_ptr<shared_breaker>& of) {
  return {
      [of](get_status) { return of->look(); },
      [of](const trip& what) { of->trip(what.reason); },
      [of](const force_open& what) { of->force_open(what.reason); },
      [of](const reset& what) { of->reset(what.reason); },
  };
}

} // namespace

shared_breaker::shared_breaker(setup with)
    : setup_{std::move(with)}, state_{setup_.rules, setup_.random, now()},
      metrics_{*setup_.registry, setup_.name} {
}

template <class What>
auto shared_breaker::locked(What what) {
  std::unique_lock guard{mutex_};
  auto out = what(state_);
  auto changed = state_.take_change();
  if (changed)
    metrics_.entered(changed->to);
  guard.unlock();
  if (changed && setup_.listener)
    setup_.listener({setup_.name, std::move(*changed)});
  return out;
}

std::optional<permit> shared_breaker::acquire(refusal& why) {
  auto out = locked([&](state& of) { return of.acquire(now(), why); });
  if (!out)
    metrics_.refused();
  return out;
}

void shared_breaker::record(
    permit of, outcome how, steady_time began,
    std::optional<std::chrono::nanoseconds> retry_after) {
  metrics_.called(how);
  locked([&](state& in) {
    auto time = now();
    in.record(of, how, time - began, time, retry_after);
    return true;
  });
}

status shared_breaker::look() {
  return locked([&](state& of) { return status{name(), of.at(now())}; });
}

void shared_breaker::trip(const std::string& why) {
  locked([&](state& of) { return of.trip(why, now()), true; });
}

void shared_breaker::force_open(const std::string& why) {
  locked([&](state& of) { return of.force_open(why, now()), true; });
}

void shared_breaker::reset(const std::string& why) {
  locked([&](state& of) { return of.reset(why, now()), true; });
}

child_spec make_desk(caf::actor_system& system, std::size_t mailbox_bound,
                     std::shared_ptr<shared_breaker> of) {
  auto name = directory_name(of->name());
  return acgs::make_child(actor_key<breaker_actor>{name},
                          [&system, mailbox_bound, of = std::move(of)] {
                            return breaker_actor{
                                spawn_bounded(system, mailbox_bound, desk, of)};
                          });
}

} // namespace acgs::breaker
