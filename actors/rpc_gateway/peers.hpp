// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The actors that RPC_GATEWAY asks on behalf of its clients.

#include "actors/archiver/protocol.hpp"
#include "actors/candidate/protocol.hpp"
#include "actors/control/protocol.hpp"
#include "actors/health/protocol.hpp"
#include "actors/identity/protocol.hpp"
#include "actors/ledger/protocol.hpp"
#include "actors/policy/protocol.hpp"
#include "actors/reader/protocol.hpp"
#include "actors/replayer/protocol.hpp"
#include "actors/signer/protocol.hpp"
#include "runtime/actor/directory.hpp"

#include <memory>

namespace acgs::rpc_gateway {

struct peers {
  actor_ref<policy_actor> policy;
  actor_ref<control_actor> control;
  actor_ref<identity_actor> identity;
  actor_ref<ledger_actor> ledger;
  actor_ref<reader_actor> reader;
  actor_ref<replayer_actor> replayer;
  actor_ref<signer_actor> signer;
  actor_ref<health_actor> health;
  actor_ref<archiver_actor> archiver;
  /// For the live tree, and for supervisors and breakers by their names.
  std::shared_ptr<directory> actors;
  actor_ref<candidate_actor> candidate;
};

/// References to all of them in a node's directory.
inline peers peers_in(const std::shared_ptr<directory>& actors) {
  return {actors->find(policy::key),   actors->find(control::key),
          actors->find(identity::key), actors->find(ledger::key),
          actors->find(reader::key),   actors->find(replayer::key),
          actors->find(signer::key),   actors->find(health::key),
          actors->find(archiver::key), actors,
          actors->find(candidate::key)};
}

} // namespace acgs::rpc_gateway
