// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// How long a crashed actor is away: from sending the request that it dies of
// to the first answer of the one that takes its place, on the real scheduler.
// Each crash is the first in a row, so that the restart is immediate. Prints
// milliseconds; the promise is less than 10.
//
// usage: restart_latency [ROUNDS]

#include "runtime/actor/bounded.hpp"
#include "runtime/actor/supervisor.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace {

using namespace acgs;

using crash_atom = caf::atom_constant<caf::atom("crash")>;

using worker_actor = caf::typed_actor<caf::replies_to<int>::with<int>,
                                      caf::replies_to<crash_atom>::with<int>>;

worker_actor::behavior_type worker(worker_actor::pointer) {
  return {
      [](int x) { return x; },
      [](crash_atom) -> int { throw std::runtime_error{"boom"}; },
  };
}

constexpr actor_key<worker_actor> key{"worker"};

struct system_config : caf::actor_system_config {
  system_config() {
    set("scheduler.policy", caf::atom("sharing"));
    set("logger.verbosity", caf::atom("quiet"));
  }
};

supervisor_config family(caf::actor_system& system,
                         std::shared_ptr<directory> actors, bool detached) {
  supervisor_config with{.name = "node", .actors = std::move(actors)};
  with.within.restarts_max = 1000000;
  with.within.restart_delay = {std::chrono::nanoseconds{0},
                               std::chrono::nanoseconds{0}, 1.0, 0.0};
  with.children.push_back(make_child(key, [&system, detached] {
    return detached ? spawn_bounded<caf::detached>(system, 64, worker)
                    : spawn_bounded(system, 64, worker);
  }));
  return with;
}

double one_round(caf::scoped_actor& self, const actor_ref<worker_actor>& ref) {
  auto ignore = [](caf::error&) {
    // Refused: not back yet.
  };
  auto start = std::chrono::steady_clock::now();
  self->request(ref.get(), caf::infinite, crash_atom::value)
      .receive([](int) { std::abort(); }, ignore);
  for (bool back = false; !back;)
    self->request(ref.get(), caf::infinite, 1)
        .receive([&](int) { back = true; }, ignore);
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now() - start)
      .count();
}

void measure(caf::actor_system& system, bool detached, int rounds) {
  auto actors = std::make_shared<directory>(system);
  auto root = spawn_supervisor(system, 64, family(system, actors, detached));
  auto ref = actors->find(key);
  caf::scoped_actor self{system};
  for (bool up = false; !up;)
    self->request(ref.get(), caf::infinite, 1)
        .receive([&](int) { up = true; }, [](caf::error&) {});
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i)
    times.push_back(one_round(self, ref));
  std::sort(times.begin(), times.end());
  auto at = [&](double share) {
    return times[static_cast<std::size_t>(
        share * static_cast<double>(times.size() - 1))];
  };
  std::printf("%-12s crash to first answer, ms: p50 %.3f  p90 %.3f  p99 %.3f  "
              "max %.3f  (%d rounds)\n",
              detached ? "own thread" : "cooperative", at(0.5), at(0.9),
              at(0.99), times.back(), rounds);
  self->request(root, caf::infinite, supervision::stop_children{})
      .receive([] {}, [](caf::error&) { std::abort(); });
}

} // namespace

int main(int argc, char** argv) {
  int rounds = argc > 1 ? std::atoi(argv[1]) : 2000;
  if (rounds < 1) {
    std::fputs("usage: restart_latency [ROUNDS]\n", stderr);
    return 2;
  }
  system_config settings;
  caf::actor_system system{settings};
  measure(system, false, rounds);
  measure(system, true, rounds);
  return 0;
}
