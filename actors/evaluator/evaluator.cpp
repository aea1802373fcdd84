// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/evaluator.hpp"

#include "actors/evaluator/metrics.hpp"
#include "actors/evaluator/state.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace acgs::evaluator {

namespace {

/// The label that a decision is counted under: a path, but no query's text.
std::string_view label_of(const domain::decide_request& request) {
  switch (request.asks) {
  case domain::question::query:
    return "(query)";
  case domain::question::compile:
    return "(compile)";
  default:
    return request.path;
  }
}

constexpr auto too_many_bytes =
    "the results of this batch are over 8 MiB together";
static_assert(wire::message_bytes_max == std::size_t{8} << 20);

/// What the actor's handlers share.
struct parts {
  explicit parts(surroundings around)
      : time{*around.bounds.time}, time_max{around.bounds.time_max},
        core{around.bounds}, records{around.node, *around.bounds.time,
                                     *around.ids, around.seal},
        counts{*around.registry}, ledger{std::move(around.ledger)},
        queue{std::move(around.queue)}, place{around.place},
        latest{std::move(around.latest)} {}

  ledger::release decide(const task& what) {
    auto made = core.decide(what.request, what.with);
    if (auto locked = locked_since(*what.with))
      return record(what.request, core.decide(what.request, locked), *locked);
    return record(what.request, made, *what.with);
  }

  /// All within the time that one may take, and in as many bytes as a message
  /// may have.
  ledger::release_many decide(const task_many& what) {
    auto end = time.steady_now() + time_max;
    auto with = what.with;
    auto made = decide_all(what.requests, with, end);
    if (auto locked = locked_since(*with)) {
      with = std::move(locked);
      made = decide_all(what.requests, with, end);
    }
    ledger::release_many out;
    out.each.reserve(made.size());
    for (std::size_t i = 0; i < made.size(); ++i)
      out.each.push_back(record(what.requests.each[i], made[i], *with));
    return out;
  }

  std::vector<outcome> decide_all(const policy::decide_many& requests,
                                  const std::shared_ptr<const snapshot>& with,
                                  steady_time end) {
    std::size_t bytes = 0;
    std::vector<outcome> out;
    out.reserve(requests.each.size());
    for (const auto& request : requests.each) {
      out.push_back(bytes > wire::message_bytes_max
                        ? core.refuse(request, too_many_bytes)
                        : core.decide(request, with, end - time.steady_now()));
      bytes += out.back().found->result.size();
    }
    return out;
  }

  /// A lockdown that came while a decision was made counts for it as well.
  snapshot_ptr locked_since(const snapshot& begun) const {
    return latest ? latest->locked_since(begun) : nullptr;
  }

  ledger::release record(const wire::decide_request& request,
                         const outcome& made, const snapshot& with) {
    auto out = records.make(*request, made, with);
    counts.answered(*made.found, made.tier);
    counts.decided(label_of(*request), *made.found,
                   std::chrono::nanoseconds{out.decision->latency_nanos});
    return out;
  }

  const time_source& time;
  std::chrono::nanoseconds time_max;
  state core;
  recorder records;
  metrics counts;
  actor_ref<ledger_actor> ledger;
  std::shared_ptr<work_queue> queue;
  std::size_t place;
  std::shared_ptr<const latest_snapshot> latest;
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
      [self, kept](task_many& what) -> caf::result<ledger::released_many> {
        finished guard{*kept};
        return self->delegate(kept->ledger.get(), kept->decide(what));
      },
      [kept](const look& what) -> caf::result<seen> {
        auto saw = what.recorded ? parse_sight(*what.recorded) : sight{};
        if (!saw)
          return std::move(saw.error());
        auto found = kept->core.look(*what.request, *saw, what.with);
        return seen{found.outcome, std::move(found.result),
                    std::move(found.agent), std::move(found.message),
                    found.nanos};
      },
      [kept](const warm& what) { return kept->core.warm(what.with); },
      [kept](policy::clear_cache) {
        return policy::cleared{kept->core.clear()};
      },
      [kept](policy::get_cache_stats) { return kept->core.stats(); },
  };
}

} // namespace acgs::evaluator
