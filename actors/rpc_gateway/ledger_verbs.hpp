// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the capability `Ledger` does beside reading: shredding, reports on
// decisions, and replays. The session outlives the promises.

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

kj::Promise<void> shred_for(session& who, shred_context context);
kj::Promise<void> record_outcome_for(session& who, outcome_context context);
kj::Promise<void> replay_for(session& who, replay_context context);

} // namespace acgs::rpc_gateway
