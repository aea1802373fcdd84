// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A payload as it travels to the ledger: already encrypted under a key of
// its own, its commitment made, so that the ledger's thread only stores it; and
// what is left of one whose key was destroyed.

#include "runtime/base/bytes.hpp"
#include "runtime/domain/entry.hpp"

#include <cstdint>
#include <string>

namespace acgs::domain {

struct sealed_payload {
  commitment covered_by;
  bytes key;        ///< 32 bytes, stored apart: destroying it shreds the text
  bytes ciphertext; ///< nonce || XChaCha20-Poly1305(salt || payload)
};

/// That an entry's payloads were shredded.
struct shredding {
  std::uint64_t index = 0; ///< of the entry that tells of it
  std::int64_t time_nanos = 0;
  std::string by;
  std::string reason;
};

} // namespace acgs::domain
