// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A log's keys as a JSON document for strangers: what `keys export` and
// GET /ledger/keys give, and what an exported tree holds as `keys`.
//   {"origin": ..., "keys": [{"purpose", "id", "verifier_key", "active",
//    "revoked", "last_size", "began", "ended"}], "statements": [note, ...]}
// Only the statements count to who verifies; the rest is for reading.

#include "runtime/crypto/key_history.hpp"

namespace acgs::crypto {

/// The largest such document that is read.
inline constexpr std::size_t key_document_bytes_max = 4u << 20;

std::string format_key_document(const std::string& origin,
                                const key_history& of);

/// The statements in such a document. Fails with `invalid_argument` or
/// `too_large`.
result<std::vector<std::string>> statements_in(std::string_view document);

} // namespace acgs::crypto
