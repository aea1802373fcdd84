// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What NODE makes of the things that happen to its actors: a line in the log,
// a count, and an entry in the ledger. Called on supervisors' and breakers'
// threads; it sends and never waits.

#include "actors/breaker/protocol.hpp"
#include "actors/health/config.hpp"
#include "actors/node/outbox.hpp"
#include "runtime/actor/supervisor.hpp"
#include "runtime/metrics/registry.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace acgs::node {

class witness {
public:
  witness(std::string node, const time_source& time,
          acgs::metrics::registry& registry, std::shared_ptr<outbox> entries);

  /// A supervisor's child ended, came back, or a supervisor gave up.
  void saw(const supervisor_event& event);

  /// A circuit breaker entered another state.
  void saw(const breaker::change_event& event);

  /// A component, or the node as a whole, came into another status.
  void saw(const health::transition& event);

  /// An entry about the node itself: `start` and `stop`. `detail` is a JSON
  /// object without personal data.
  ledger::append entry(domain::entry_kind kind, std::string_view event_type,
                       std::string_view about, std::string_view detail) const;

  /// Why the first supervisor gave up; empty: none did. Any thread may ask.
  std::string gave_up() const;

private:
  void record(const supervisor_event& event);
  void note_gave_up(const std::string& why);

  std::string node_;
  const time_source& time_;
  acgs::metrics::registry& registry_;
  std::shared_ptr<outbox> entries_;
  mutable std::mutex mutex_;
  std::string gave_up_; ///< guarded by it
};

} // namespace acgs::node
