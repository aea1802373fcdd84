// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What LEDGER keeps of a caller's idempotency key: where it is found again, and
// by what another request of the same key is told from the first.

#include "actors/ledger/protocol.hpp"

namespace acgs::ledger {

/// What is kept of the request beside the entry's index, of one length.
digest request_of(const append& record);

/// Origin, tenant, subject and key, each after its length: no two callers
/// share one, and none leads to another epoch's entry.
digest idempotency_key_of(std::string_view origin, const append& record);

/// Whether a retry is no longer given what it was given before: after a
/// lockdown, or once a right was withdrawn. Then it is a request of its own,
/// whose verdict its key stands for from now on.
bool is_withdrawn(domain::verdict before, domain::verdict now);

} // namespace acgs::ledger
