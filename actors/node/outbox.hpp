// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Entries that NODE itself makes (a restart, a change of a breaker, start,
// stop), on their way to LEDGER. Whoever makes one puts it in and goes on; an
// actor hands them over in order, one at a time, and tries again for as long
// as LEDGER is full, slow or being restarted. Each carries an idempotency
// key, so that one that is sent twice is written once.
//
// The outbox is owned by NODE and outlives the actor, which is a child of the
// tree like any other: what was put in survives its crash, but not the
// process's. Invariant: entries leave in the order in which they came.

#include "actors/ledger/protocol.hpp"
#include "runtime/actor/backoff.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace acgs::node {

/// The part of LEDGER that is needed here.
using appender_actor =
    caf::typed_actor<caf::replies_to<ledger::append>::with<ledger::appended>>;

/// Something may be waiting.
struct outbox_wake {
  using local_message = void;
};

/// From the actor to itself: it is time to try again.
struct outbox_retry {
  using local_message = void;
};

/// Answers when nothing waits any more, or fails with `store_full` where LEDGER
/// has no room: who asks is about to end and cannot wait for some.
struct outbox_flush {
  using local_message = void;
};

using outbox_actor =
    caf::typed_actor<caf::reacts_to<outbox_wake>, caf::reacts_to<outbox_retry>,
                     caf::replies_to<outbox_flush>::with<void>>;

inline constexpr actor_key<outbox_actor> outbox_key{"outbox"};

class outbox {
public:
  /// `make_key` gives a new idempotency key at each call. At most
  /// `entries_max` wait; what comes then is lost and counted.
  outbox(std::size_t entries_max, std::function<std::string()> make_key,
         actor_ref<outbox_actor> actor);

  /// Takes an entry, on any thread, and wakes the actor. Never waits.
  void put(ledger::append what);

  /// The oldest entry, left where it is.
  std::optional<ledger::append> front() const;

  /// Lets go of the oldest: it is written, or never will be.
  void pop();

  /// Notes that the entry let go of was not written.
  void count_lost();

  /// The event types of what waits, with commas.
  std::string names() const;

  std::size_t size() const;
  std::uint64_t lost() const;

private:
  const std::size_t entries_max_;
  const std::function<std::string()> make_key_;
  const actor_ref<outbox_actor> actor_;
  mutable std::mutex mutex_;
  std::deque<ledger::append> waiting_;
  std::uint64_t lost_ = 0;
};

struct outbox_config {
  std::shared_ptr<outbox> entries;
  actor_ref<appender_actor> ledger;
  std::chrono::nanoseconds timeout = std::chrono::seconds{10};
  backoff retry{std::chrono::milliseconds{10}, std::chrono::seconds{1}};
  random_source random{};
  /// Called where LEDGER refuses an entry for good; must not block nor throw.
  std::function<void(const ledger::append&, const caf::error&)> on_refused{};
};

/// Spawns the actor that hands the entries over.
outbox_actor spawn_outbox(caf::actor_system& system, outbox_config cfg);

} // namespace acgs::node
