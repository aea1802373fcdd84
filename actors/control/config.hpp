// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What CONTROL is given when it starts.

#include "actors/control/preparer.hpp"
#include "actors/control/protocol.hpp"
#include "actors/control/recorder.hpp"
#include "actors/signer/protocol.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/crypto/payload.hpp"
#include "runtime/domain/archive_desk.hpp"
#include "runtime/metrics/registry.hpp"
#include "runtime/store/store.hpp"

#include <rego/bundle.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace acgs::control {

struct config {
  /// `state/`; outlives the actor, which goes on in it after a restart.
  std::shared_ptr<store::environment> store;

  /// `ledger/`, read for archives of bundles that `store` has no more: after a
  /// restore, its blobs alone hold them; and for what the log `origin` tells of
  /// the history that `store` must then hold. May be left out.
  std::shared_ptr<store::environment> ledger_store;
  std::string origin;

  constitution_aliases aliases;

  /// Signatures of bundles are checked by these keys. Without any, a bundle
  /// must not be signed; with some, it must.
  rego::bundle::verification bundle_keys;

  /// Where gateways lay down archives. May be left out: then none are taken.
  std::shared_ptr<domain::archive_desk> desk;

  std::string node; ///< its name, for ledger entries
  actor_ref<ledger_actor> ledger;

  /// Asked at start for its keys, of which control state keeps a record. May
  /// be left out.
  actor_ref<signer_actor> signer;

  acgs::metrics::registry* registry = nullptr;
  const time_source* time = &system_clock();

  /// Who is told of each new state besides those who subscribe: actors that
  /// CONTROL finds again after a restart of its own.
  std::vector<actor_ref<control_listener>> listeners;

  /// Called on CONTROL's thread with each new state before anybody is told or
  /// answered: what must hold from a command's answer on, such as that a token
  /// counts. Must not block nor throw.
  std::function<void(const published&)> on_publish;

  /// Room that ordinary commands must leave for modes, revocations and
  /// deletions.
  std::uint64_t reserve_bytes = 16u << 20;

  /// Commands that may wait while one is carried out, and as many that change
  /// content, while one is prepared.
  std::size_t queue_max = 256;

  /// Makes the worker that prepares commands.
  preparer_maker make_preparer = spawn_preparer;

  /// How long to wait before the ledger is tried again.
  std::chrono::nanoseconds retry = std::chrono::milliseconds{250};

  /// How long after the last command the mark of what the ledger holds is
  /// written, if no further command brings it along.
  std::chrono::nanoseconds idle = std::chrono::seconds{1};

  sealer seal = crypto::seal_payload;

  /// Set from any thread when nobody hears any more what comes of a command:
  /// from then on none is carried out. Outlives the actor. May be null.
  const std::atomic<bool>* ending = nullptr;

  /// Called when a write or a sync failed, or the store or what it holds cannot
  /// be taken up: it must end the process.
  std::function<void(const caf::error&)> fatal;
};

} // namespace acgs::control
