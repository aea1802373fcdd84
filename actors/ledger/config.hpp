// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What LEDGER is given when it starts. The environment outlives it: a restarted
// LEDGER goes on in the same one.

#include "actors/signer/protocol.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/crypto/log_keys.hpp"
#include "runtime/metrics/registry.hpp"
#include "runtime/store/log_view.hpp"
#include "runtime/store/store.hpp"
#include "runtime/store/wal_file.hpp"

#include <functional>

namespace acgs::ledger {

/// The most requests that one commit takes, and that a queue may hold.
inline constexpr std::size_t batch_max = 1024;
inline constexpr std::size_t queue_max = 4096;

struct config {
  std::shared_ptr<store::environment> ledger;

  /// Where commits become durable; may be none, which costs two syncs each.
  std::shared_ptr<store::wal_file> wal;

  /// `cluster/node/epoch`: the log that this node writes.
  std::string origin;

  /// Every key that may have signed this origin's checkpoints; SIGNER keeps it
  /// up to date.
  crypto::log_keys keys;

  /// Room that ordinary entries must leave for control changes, lockdown and
  /// the record of the stop.
  std::uint64_t reserve_bytes = std::uint64_t{16} << 20;

  const time_source* time = &system_clock();
  acgs::metrics::registry* registry = nullptr;
  actor_ref<signer_actor> signer;

  /// From asking for one signature to asking for the next. A signature and its
  /// check take a processor about as long as twenty decisions, so that at a
  /// thousand commits a second one for each would cost a third of it.
  std::chrono::milliseconds signature_pause{0};

  /// For how long what is durable may wait until it is in `ledger`, where
  /// others read it. Who asks for `publish` need not wait.
  std::chrono::milliseconds publish_pause{500};

  /// Called with the log's new size once it can be read; must not block.
  std::function<void(std::uint64_t)> grown;

  /// Called on LEDGER's thread when entries begin to come in throngs, and when
  /// that is over.
  std::function<void(bool)> thronged;

  /// Called with each head that was signed, to be remembered outside of the
  /// store; must be quick. What it fails with is a fault that health shows.
  std::function<caf::error(const store::log_head&)> remember;

  /// Called when a write or a sync failed or the log contradicts itself: it
  /// must end the process, since nothing may be acknowledged any more.
  std::function<void(const caf::error&)> fatal;
};

} // namespace acgs::ledger
