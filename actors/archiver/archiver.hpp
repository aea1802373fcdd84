// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// ARCHIVER, the actor: detached and bounded, so that packing delays nobody.
// Reads the stores in short transactions and writes nothing.

#include "actors/archiver/protocol.hpp"
#include "actors/ledger/protocol.hpp"
#include "actors/signer/protocol.hpp"
#include "runtime/backup/source.hpp"
#include "runtime/crypto/log_keys.hpp"
#include "runtime/store/store.hpp"

#include <string>

namespace acgs::archiver {

struct config {
  std::shared_ptr<store::environment> ledger;
  std::shared_ptr<store::environment> state;
  std::string origin;
  /// Every key that may have signed this origin's checkpoints; SIGNER keeps it
  /// up to date.
  crypto::log_keys keys;
  actor_ref<signer_actor> signer;
  /// Asked to show what it has acknowledged before a backup begins.
  actor_ref<ledger_actor> ledger_writer;
  /// What a backup is to hold of the keys; without it, nothing.
  backup::ring_reader ring;
};

archiver_actor::behavior_type archiver(archiver_actor::pointer self,
                                       config cfg);

} // namespace acgs::archiver
