// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/evaluator.hpp"

#include "actors/evaluator/metrics.hpp"
#include "actors/evaluator/state.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <exception>
#include <utility>

namespace acgs::evaluator {

namespace {

/// What the actor's handlers share.
struct parts {
  explicit parts(surroundings around)
      : core{around.bounds}, records{around.node, *around.bounds.time,
                                     *around.ids, around.seal},
        counts{*around.registry}, ledger{std::move(around.ledger)},
        queue{std::move(around.queue)}, place{around.place} {}

  ledger::release decide(const task& what) {
    auto made = core.decide(what.request, what.with);
    auto out = records.make(*what.request, made, *what.with);
    counts.answered(*made.found, made.tier);
    counts.decided(what.request->path, *made.found,
                   std::chrono::nanoseconds{out.decision->latency_nanos});
    return out;
  }

  state core;
  recorder records;
  metrics counts;
  actor_ref<ledger_actor> ledger;
  std::shared_ptr<work_queue> queue;
  std::size_t place;
};

/// Asks for more when a handler ends; one that throws ends the actor.
struct finished {
  parts& kept;
  int thrown = std::uncaught_exceptions();
  ~finished() {
    if (std::uncaught_exceptions() == thrown)
      kept.queue->done(kept.place);
  }
};

} // namespace

evaluator_actor::behavior_type evaluator(evaluator_actor::pointer self,
                                         surroundings around) {
  auto kept = std::make_shared<parts>(std::move(around));
  auto* me = self->ctrl();
  self->attach_functor([queue = kept->queue, place = kept->place,
                        me](const caf::error&) { queue->leave(place, me); });
  kept->queue->join(kept->place, caf::strong_actor_ptr{me});
  return {
      [self, kept](task& what) -> caf::result<ledger::released> {
        finished guard{*kept};
        // LEDGER answers the gateway: the verdict cannot leave before it is
        // durable, since it is nobody else's to give.
        return self->delegate(kept->ledger.get(), kept->decide(what));
      },
      [kept](const warm& what) { return kept->core.warm(what.with); },
      [kept](policy::clear_cache) {
        return policy::cleared{kept->core.clear()};
      },
      [kept](policy::get_cache_stats) { return kept->core.stats(); },
  };
}

} // namespace acgs::evaluator
