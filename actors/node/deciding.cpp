// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/deciding.hpp"

#include "actors/evaluator/evaluator.hpp"
#include "actors/policy/policy.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/actor/supervisor_state.hpp"
#include "runtime/crypto/payload.hpp"
#include "runtime/crypto/random.hpp"

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

evaluator::config bounds_of(parts& of,
                            std::shared_ptr<evaluator::shared_cache> shared) {
  const auto& set = of.settings.policy;
  evaluator::config out;
  out.instructions_max = set.instructions_max;
  out.time_max = set.time_max;
  out.memory_max = set.memory_max;
  out.cache_entries = set.cache_entries_l1;
  out.input_bytes_max = set.input_bytes_max;
  out.second_tier = std::move(shared);
  out.time = &of.time;
  out.random = [](void* to, std::size_t size) {
    crypto::random_fill({static_cast<std::byte*>(to), size});
  };
  return out;
}

/// One evaluator's place: its name, which outlives the actor, and its load.
struct place {
  std::string name;
  std::shared_ptr<std::atomic<unsigned>> waiting =
      std::make_shared<std::atomic<unsigned>>(0);
};

child_spec evaluator_child(parts& of, const place& at,
                           const evaluator::config& bounds) {
  actor_key<evaluator_actor> key{at.name};
  return make_child(key, [&of, bounds, waiting = at.waiting] {
    evaluator::surroundings around;
    around.bounds = bounds;
    around.node = of.settings.node.name;
    around.ids = &of.ids;
    around.seal = crypto::seal_payload;
    around.ledger = of.actors->find(ledger::key);
    around.registry = &of.registry;
    around.waiting = waiting;
    waiting->store(0); // what waited for the one before was answered
    return evaluator_actor{spawn_bounded<caf::detached>(
        of.system, of.settings.policy.queue_max, evaluator::evaluator, around)};
  });
}

child_spec evaluators_child(parts& of, const std::vector<place>& places,
                            const evaluator::config& bounds) {
  return make_child(evaluators_key, [&of, places, bounds] {
    supervisor_config with;
    with.name = evaluators_key.name;
    with.parent = "node";
    with.actors = of.actors;
    with.clock = &of.time;
    with.random = crypto::random_fill;
    with.listener = [&of](const supervisor_event& e) { of.seen.saw(e); };
    for (const auto& at : places)
      with.children.push_back(evaluator_child(of, at, bounds));
    return spawn_bounded(of.system, 256, supervisor, std::move(with));
  });
}

child_spec policy_child(parts& of, const std::vector<place>& places,
                        std::shared_ptr<evaluator::shared_cache> shared) {
  return make_child(policy::key, [&of, places, shared] {
    policy::config with;
    for (const auto& at : places)
      with.workers.push_back(
          {of.actors->find(actor_key<evaluator_actor>{at.name}), at.waiting});
    with.shared = {[shared] { return shared->size(); },
                   [shared] { return shared->clear(); }, shared->entries_max()};
    with.control = of.actors->find(control::key);
    with.registry = &of.registry;
    return spawn_bounded(of.system, of.settings.policy.queue_max,
                         policy::policy, std::move(with));
  });
}

} // namespace

std::vector<child_spec> deciding_children(parts& of) {
  auto shared = std::make_shared<evaluator::shared_cache>(
      of.settings.policy.cache_entries_l2);
  std::vector<place> places;
  for (std::size_t i = 1; i <= evaluator_count(of.settings); ++i)
    places.push_back({"evaluator-" + std::to_string(i)});
  std::vector<child_spec> out;
  out.push_back(evaluators_child(of, places, bounds_of(of, shared)));
  out.push_back(policy_child(of, places, shared));
  return out;
}

} // namespace acgs::node
