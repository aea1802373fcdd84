// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/replaying.hpp"

#include "actors/control/past.hpp"
#include "actors/evaluator/asked.hpp"
#include "actors/evaluator/state.hpp"
#include "actors/replayer/replayer.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/archive/folder.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <thread>
#include <utility>

namespace acgs::node {

namespace {

/// Replays that may wait for the one under way.
constexpr std::size_t replayer_mailbox_bound = 16;

/// Replays run at the lowest priority: what took its time then may take longer
/// now without being another decision.
constexpr std::chrono::seconds time_max{30};

evaluator::config bounds_of(parts& of) {
  const auto& set = of.settings.policy;
  evaluator::config out;
  out.instructions_max = set.instructions_max;
  out.time_max = std::max<std::chrono::nanoseconds>(set.time_max, time_max);
  out.memory_max = set.memory_max;
  out.first_tier.entries = 0;
  out.input_bytes_max = set.input_bytes_max;
  out.time = &of.time;
  out.cancel = &of.cancel;
  return out;
}

result<replayer::remade> decide(evaluator::state& with,
                                const replayer::past_question& question,
                                const snapshot_ptr& by) {
  evaluator::sight seen;
  if (!question.recorded.empty()) {
    auto read = evaluator::parse_sight(question.recorded);
    if (!read)
      return read.error();
    seen = *read;
  }
  auto request = question.request;
  auto asked =
      evaluator::parse_asked(request.asks, request.path, question.detail);
  if (!asked)
    return asked.error();
  request.path = asked->path;
  request.partial = asked->partial;
  // What was not looked at then and is now: the time of the record, and a seed
  // that is always the same, so that a replay is too.
  if (!seen.now_nanos)
    seen.now_nanos = question.time_nanos;
  if (!seen.seed)
    seen.seed.emplace();
  auto made = with.replay(request, question.input, seen, by);
  if (made.error != ec::none)
    return replayer::remade{made.outcome, std::move(made.message)};
  return replayer::remade{made.outcome, std::move(made.result)};
}

} // namespace

child_spec replayer_child(parts& of) {
  return make_child(replayer::key, [&of] {
    replayer::config with;
    with.ledger = of.store.ledger;
    with.origin = of.origin;
    with.archive = archive::open_folders(of.settings.ledger.archive);
    with.aliases = of.settings.constitution.aliases;
    with.workers = std::max(1u, std::thread::hardware_concurrency());
    with.time = &of.time;
    auto past =
        std::make_shared<control::past>(of.store.state, of.store.ledger);
    with.state_at = [past](std::uint64_t revision) {
      return past->at(revision);
    };
    with.make_decider = [bounds = bounds_of(of)]() -> replayer::decider {
      auto core = std::make_shared<evaluator::state>(bounds);
      return [core](const replayer::past_question& question,
                    const snapshot_ptr& by) {
        return decide(*core, question, by);
      };
    };
    return replayer_actor{spawn_bounded<caf::detached>(
        of.system, replayer_mailbox_bound, replayer::replayer, with)};
  });
}

} // namespace acgs::node
