// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/actor/directory.hpp"

#include "runtime/actor/mailbox_meter.hpp"
#include "runtime/actor/work_queue.hpp"
#include "runtime/base/error.hpp"

#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/make_actor.hpp>
#include <caf/monitorable_actor.hpp>

#include <algorithm>
#include <utility>

namespace acgs {

namespace {

/// Stands in for an actor that is not there. It takes no turns and needs no
/// scheduler: requests are answered on the sender's thread.
class absent_actor final : public caf::monitorable_actor {
public:
  absent_actor(caf::actor_config& cfg, std::string name)
      : monitorable_actor(cfg), name_{std::move(name)} {
    // Whoever monitors it learns at once that it is not running.
    cleanup(refusal(), nullptr);
  }

  using monitorable_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr element,
               caf::execution_unit* unit) override {
    answer_request(*element, refusal(), unit);
  }

private:
  caf::error refusal() const {
    return make_error(ec::unavailable,
                      "the actor '" + name_ + "' is not running");
  }

  std::string name_;
};

caf::strong_actor_ptr make_absent(caf::actor_system& system,
                                  std::string_view name) {
  caf::actor_config cfg;
  return caf::make_actor<absent_actor, caf::strong_actor_ptr>(
      system.next_actor_id(), system.node(), &system, cfg, std::string{name});
}

} // namespace

actor_slot::actor_slot(caf::strong_actor_ptr current)
    : current_{std::move(current)} {
  // Never null.
}

caf::strong_actor_ptr actor_slot::get() const {
  std::lock_guard guard{mutex_};
  return current_;
}

caf::strong_actor_ptr actor_slot::replace(caf::strong_actor_ptr by) {
  std::lock_guard guard{mutex_};
  current_.swap(by);
  return by;
}

struct directory::record {
  explicit record(caf::strong_actor_ptr stand_in)
      : absent{stand_in}, slot{std::make_shared<actor_slot>(
                              std::move(stand_in))} {
    // Nobody is there yet.
  }

  caf::strong_actor_ptr absent;
  std::shared_ptr<actor_slot> slot;
  std::size_t order = 0; ///< of the first put, from 1; 0 if there was none
  actor_status status;
  std::weak_ptr<const work_queue> queue;
};

directory::directory(caf::actor_system& system) : system_{system} {
  // Names are entered by those who look for them or put them.
}

directory::~directory() = default;

directory::record& directory::record_of(std::string_view name) {
  auto found = records_.find(name);
  if (found == records_.end())
    found =
        records_
            .emplace(name, std::make_unique<record>(make_absent(system_, name)))
            .first;
  return *found->second;
}

std::shared_ptr<const actor_slot> directory::slot_of(std::string_view name) {
  std::lock_guard guard{mutex_};
  return record_of(name).slot;
}

void directory::put(std::string_view name, caf::strong_actor_ptr current,
                    actor_status status) {
  // Declared first, so that what may be the last handle goes after the lock.
  caf::strong_actor_ptr before;
  std::lock_guard guard{mutex_};
  auto& entry = record_of(name);
  if (entry.order == 0)
    entry.order = ++puts_;
  before = entry.slot->replace(std::move(current));
  entry.status = std::move(status);
}

void directory::put_absent(std::string_view name, actor_status status) {
  caf::strong_actor_ptr before;
  std::lock_guard guard{mutex_};
  auto& entry = record_of(name);
  if (entry.order == 0)
    entry.order = ++puts_;
  before = entry.slot->replace(entry.absent);
  entry.status = std::move(status);
}

void directory::put_status(std::string_view name, actor_status status) {
  std::lock_guard guard{mutex_};
  record_of(name).status = std::move(status);
}

void directory::put_queue(std::string_view name,
                          const std::shared_ptr<const work_queue>& queue) {
  std::lock_guard guard{mutex_};
  record_of(name).queue = queue;
}

std::vector<actor_row> directory::rows() const {
  std::vector<std::pair<std::size_t, actor_row>> sorted;
  // What may be the last handle to a queue goes after the lock.
  std::vector<std::shared_ptr<const work_queue>> queues;
  {
    std::lock_guard guard{mutex_};
    for (const auto& [name, entry] : records_) {
      if (entry->order == 0)
        continue;
      actor_row row{name, entry->status};
      auto handle = entry->slot->get();
      if (const auto* meter = meter_of(handle)) {
        row.bounded = true;
        row.mailbox_length = meter->length();
        row.mailbox_bound = meter->bound();
        row.refused = meter->refused();
      }
      if (auto queue = entry->queue.lock()) {
        row.queue_length = queue->waiting();
        row.queue_bound = queue->bound();
        queues.push_back(std::move(queue));
      }
      sorted.emplace_back(entry->order, std::move(row));
    }
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<actor_row> rows;
  rows.reserve(sorted.size());
  for (auto& [order, row] : sorted)
    rows.push_back(std::move(row));
  return rows;
}

} // namespace acgs
