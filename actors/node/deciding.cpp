// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/deciding.hpp"

#include "actors/candidate/candidate.hpp"
#include "actors/evaluator/evaluator.hpp"
#include "actors/node/bulk.hpp"
#include "actors/node/outbound.hpp"
#include "actors/policy/policy.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/actor/supervisor_state.hpp"
#include "runtime/actor/work_queue.hpp"
#include "runtime/crypto/payload.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/process/scheduling.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <thread>
#include <utility>

namespace acgs::node {

namespace {

constexpr actor_key<supervisor_actor> evaluators_key{"evaluators"};

std::size_t evaluator_count(const config::settings& settings) {
  auto cores = std::max(1u, std::thread::hardware_concurrency());
  return settings.policy.evaluators > 0 ? settings.policy.evaluators : cores;
}

/// A long evaluation lets the other actors' threads run that often: they need
/// not wait for the end of a turn that the kernel gave it.
constexpr auto long_turn = std::chrono::microseconds{200};

evaluator::config bounds_of(parts& of,
                            std::shared_ptr<evaluator::shared_cache> shared) {
  const auto& set = of.settings.policy;
  evaluator::config out;
  out.instructions_max = set.instructions_max;
  out.time_max = set.time_max;
  out.memory_max = set.memory_max;
  out.first_tier = {set.cache_entries_l1, set.cache_size_l1};
  out.input_bytes_max = set.input_bytes_max;
  out.second_tier = std::move(shared);
  out.time = &of.time;
  out.cancel = &of.cancel;
  out.during =
      process::at_most_each(long_turn, of.time, process::let_others_run);
  out.random = [](void* to, std::size_t size) {
    crypto::random_fill({static_cast<std::byte*>(to), size});
  };
  return out;
}

/// Questions about its cache that may wait for an evaluator.
constexpr std::size_t evaluator_mailbox_bound = 64;

/// What the evaluators have in common; outlives each of them.
struct team {
  std::vector<std::string> names;
  evaluator::config bounds;
  std::shared_ptr<work_queue> queue;
  std::shared_ptr<const latest_snapshot> latest; ///< null: as it began
};

child_spec evaluator_child(parts& of, const team& all, std::size_t place) {
  actor_key<evaluator_actor> key{all.names[place]};
  return make_child(key, [&of, bounds = all.bounds, queue = all.queue,
                          latest = all.latest, place] {
    evaluator::surroundings around;
    around.bounds = bounds;
    around.node = of.settings.node.name;
    around.ids = &of.ids;
    around.seal = crypto::seal_payload;
    around.ledger = of.actors->find(ledger::key);
    around.registry = &of.registry;
    around.queue = queue;
    around.place = place;
    around.latest = latest;
    return evaluator_actor{
        spawn_bounded<caf::detached>(of.system, evaluator_mailbox_bound,
                                     in_bulk(evaluator::evaluator), around)};
  });
}

child_spec evaluators_child(parts& of, const team& all) {
  return make_child(evaluators_key, [&of, all] {
    of.actors->put_queue(evaluators_key.name, all.queue);
    supervisor_config with;
    with.name = evaluators_key.name;
    with.parent = "node";
    with.actors = of.actors;
    with.clock = &of.time;
    with.random = crypto::random_fill;
    with.listener = [&of](const supervisor_event& e) { of.seen.saw(e); };
    for (std::size_t i = 0; i < all.names.size(); ++i)
      with.children.push_back(evaluator_child(of, all, i));
    return spawn_bounded(of.system, 256, supervisor, std::move(with));
  });
}

child_spec policy_child(parts& of, const team& all) {
  return make_child(policy::key, [&of, all] {
    auto shared = all.bounds.second_tier;
    policy::config with;
    for (const auto& name : all.names)
      with.workers.push_back(
          {name, of.actors->find(actor_key<evaluator_actor>{name})});
    with.queue = all.queue;
    with.time_max = all.bounds.time_max;
    with.shared = {[shared] { return shared->size(); },
                   [shared] { return shared->clear(); }, shared->entries_max()};
    with.control = of.actors->find(control::key);
    with.registry = &of.registry;
    return policy::spawn_policy(of.system, of.settings.policy.queue_max,
                                std::move(with));
  });
}

constexpr actor_key<evaluator_actor> trial_evaluator_key{"evaluator-candidate"};

/// Decisions that may wait on their way to CANDIDATE's own queue.
constexpr std::size_t candidate_mailbox_bound = 4096;

/// An evaluator for candidates alone: it takes no decisions and keeps none.
child_spec trial_evaluator_child(parts& of, evaluator::config bounds) {
  bounds.first_tier.entries = 0;
  team alone;
  alone.names = {std::string{trial_evaluator_key.name}};
  alone.bounds = std::move(bounds);
  alone.queue = std::make_shared<work_queue>(1, 1, of.time);
  return evaluator_child(of, alone, 0);
}

child_spec candidate_child(parts& of) {
  return make_child(candidate::key, [&of] {
    candidate::config with;
    with.node = of.settings.node.name;
    with.queue_max = of.settings.policy.candidate_queue_max;
    with.time = &of.time;
    with.registry = &of.registry;
    with.control = of.actors->find(control::key);
    with.evaluator = of.actors->find(trial_evaluator_key);
    with.ledger = of.actors->find(ledger::key);
    return candidate_actor{spawn_bounded(of.system, candidate_mailbox_bound,
                                         candidate::candidate,
                                         std::move(with))};
  });
}

} // namespace

std::vector<child_spec> deciding_children(parts& of) {
  const auto& set = of.settings.policy;
  team all;
  all.bounds = bounds_of(
      of, std::make_shared<evaluator::shared_cache>(evaluator::cache_bounds{
              set.cache_entries_l2, set.cache_size_l2}));
  all.bounds.network = network_of(of.settings.egress, of.egress.get());
  for (std::size_t i = 1; i <= evaluator_count(of.settings); ++i)
    all.names.push_back("evaluator-" + std::to_string(i));
  all.queue = std::make_shared<work_queue>(all.names.size(),
                                           set.queue_max * all.names.size(),
                                           of.time, decide_timeout / 2);
  all.latest = of.latest;
  std::vector<child_spec> out;
  out.push_back(evaluators_child(of, all));
  out.push_back(policy_child(of, all));
  return out;
}

std::vector<child_spec> trying_children(parts& of) {
  std::vector<child_spec> out;
  out.push_back(trial_evaluator_child(of, bounds_of(of, nullptr)));
  out.push_back(candidate_child(of));
  return out;
}

} // namespace acgs::node
