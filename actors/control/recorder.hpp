// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the ledger is told about a command: one entry that binds the command by
// its SHA-256, and the texts of policies as blobs. The reason that a person
// gave lies beside the log, sealed. Pure but for the seal's randomness.

#include "actors/control/protocol.hpp"
#include "actors/ledger/protocol.hpp"
#include "runtime/snapshot/snapshot.hpp"

#include <functional>
#include <string>
#include <vector>

namespace acgs::control {

/// Seals one payload under a key of its own.
using sealer =
    std::function<domain::sealed_payload(domain::payload_kind, byte_view)>;

/// All that is to be written about one revision. Writing it twice leaves one
/// entry: its idempotency key is made of revision and command.
struct record {
  std::uint64_t revision = 0;
  std::vector<ledger::put_blob> blobs;
  ledger::append entry;
};

/// `compiled` is what the command led to, or null where that is not known any
/// more; the entry then names no digests of policies and data.
record make_record(const history_item& of, const snapshot* compiled,
                   const std::string& node, const sealer& seal);

} // namespace acgs::control
