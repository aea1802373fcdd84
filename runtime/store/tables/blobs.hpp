// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Table "blobs" of ledger/: bundles and whatever else is kept by its digest,
// so that a past decision can be replayed under the policy of its time.
// Key: SHA-256 of the content (32 bytes). Value: the content.
// Invariant: the key is the digest of the value; a value never changes.

namespace acgs::store::blobs {

inline constexpr const char* name = "blobs";

} // namespace acgs::store::blobs
