// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Questions as clients put them over RPC and decisions as they get them, one
// or many at a time.

#include "actors/policy/protocol.hpp"
#include "actors/rpc_gateway/answer.hpp"

namespace acgs::rpc_gateway {

/// The question as POLICY takes it; the caller is ours to name. Fails with
/// `invalid_argument`, `forbidden`, `unauthenticated`.
result<wire::decide_request> read_question(session& who,
                                           schema::Question::Reader from);

/// The same for a batch, which is not empty. Fails also with `too_large`.
result<policy::decide_many> read_batch(session& who,
                                       schema::Batch::Reader from);

/// A decision as it lies in its message, copied word by word, but for the name
/// of the constitution, which is the one that clients know it by.
void write_decided(const services& with, const ledger::released& from,
                   schema::Decided::Builder to);

/// One answer for each decision, in their order.
void write_decided(const services& with, const ledger::released_many& from,
                   capnp::List<schema::BatchAnswer>::Builder to);

/// Counts a decision that is being answered, and hands it on to CANDIDATE if
/// one is tried and this one is among its share.
void released(services& with, const wire::decide_request& asked,
              const ledger::released& done);

} // namespace acgs::rpc_gateway
