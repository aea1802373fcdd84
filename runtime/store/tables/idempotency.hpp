// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Table "idempotency" of ledger/: which entry a caller's key led to.
// Key: SHA-256 over the log's origin and the caller's tenant, subject and key,
// each after its length (32 bytes). Value: the entry's index (8 bytes, big
// endian) || its time in nanoseconds (8 bytes) || the digest of the request
// (32 bytes) || the decision that was released (nothing where there was none);
// these two sealed under the entry's first payload key where it has one, so
// that shredding takes them along.
// Invariant: the entry exists or is archived; written in one transaction.

#include "runtime/store/keys.hpp"

namespace acgs::store::idempotency {

inline constexpr const char* name = "idempotency";

} // namespace acgs::store::idempotency
