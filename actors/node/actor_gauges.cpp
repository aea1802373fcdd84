// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/actor_gauges.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace acgs::node {

namespace {

/// The gauges of one actor.
struct shown {
  shown(acgs::metrics::registry& in, const std::string& actor)
      : length{in.make_gauge("acgs_actor_mailbox_length",
                             "Messages that wait for an actor",
                             {{"actor", actor}})},
        refused{in.make_gauge("acgs_actor_mailbox_refused",
                              "Requests refused since an actor's last start "
                              "because its mailbox was full",
                              {{"actor", actor}})},
        up{in.make_gauge("acgs_actor_up", "Whether an actor runs",
                         {{"actor", actor}})} {
    // Series of actors that are gone stay, at 0. The restarts are counted by
    // who hears of them; here they only appear before the first one.
    restarts_of(in, actor);
  }

  void show(acgs::metrics::registry& in, const actor_row& row) {
    if (row.queue_bound > 0 && !queue)
      queue = in.make_gauge("acgs_actor_queue_length",
                            "Work that waits for whichever of a supervisor's "
                            "children comes free first",
                            {{"actor", row.name}});
    if (queue)
      queue->set(static_cast<double>(row.queue_length));
    length.set(static_cast<double>(row.mailbox_length));
    refused.set(static_cast<double>(row.refused));
    up.set(row.status.state == actor_state::running ? 1 : 0);
  }

  acgs::metrics::gauge length;
  acgs::metrics::gauge refused;
  acgs::metrics::gauge up;
  std::optional<acgs::metrics::gauge> queue; ///< of those that have one
};

/// Several may scrape at a time.
struct all_shown {
  std::mutex mutex;
  std::map<std::string, shown> by_name;
};

} // namespace

acgs::metrics::counter restarts_of(acgs::metrics::registry& in,
                                   const std::string& actor) {
  return in.make_counter("acgs_actor_restarts_total",
                         "Actors that a supervisor started again",
                         {{"actor", actor}});
}

void show_actors(acgs::metrics::registry& in,
                 const std::shared_ptr<directory>& actors) {
  auto all = std::make_shared<all_shown>();
  std::weak_ptr<directory> weak = actors;
  in.before_collection([&in, weak, all] {
    auto alive = weak.lock();
    if (!alive)
      return;
    std::lock_guard guard{all->mutex};
    for (const auto& row : alive->rows())
      all->by_name.try_emplace(row.name, in, row.name)
          .first->second.show(in, row);
  });
}

} // namespace acgs::node
