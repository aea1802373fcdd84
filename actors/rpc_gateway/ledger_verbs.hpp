// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the capability `Ledger` does beside reading: shredding, reports on
// decisions, replays, and archiving (ledger_archive.cpp). The session outlives
// the promises.

#include "actors/rpc_gateway/session.hpp"
#include "schemas/gateway.capnp.h"

namespace acgs::rpc_gateway {

/// An index, or a decision id.
template <class Message>
Message keyed(schema::EntryKey::Reader from) {
  Message out;
  if (from.isDecisionId()) {
    auto id = from.getDecisionId();
    out.decision_id.assign(id.begin(), id.size());
  } else {
    out.index = from.getIndex();
  }
  return out;
}

using shred_context = capnp::CallContext<schema::Ledger::ShredParams,
                                         schema::Ledger::ShredResults>;
using outcome_context =
    capnp::CallContext<schema::Ledger::RecordOutcomeParams,
                       schema::Ledger::RecordOutcomeResults>;
using replay_context = capnp::CallContext<schema::Ledger::ReplayParams,
                                          schema::Ledger::ReplayResults>;

using sealed_context = capnp::CallContext<schema::Ledger::SealedParams,
                                          schema::Ledger::SealedResults>;
using archive_context = capnp::CallContext<schema::Ledger::ArchiveParams,
                                           schema::Ledger::ArchiveResults>;

kj::Promise<void> sealed_for(session& who, sealed_context context);
kj::Promise<void> archive_for(session& who, archive_context context);
kj::Promise<void> shred_for(session& who, shred_context context);
kj::Promise<void> record_outcome_for(session& who, outcome_context context);
kj::Promise<void> replay_for(session& who, replay_context context);

} // namespace acgs::rpc_gateway
