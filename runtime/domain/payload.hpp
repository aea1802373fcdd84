// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A payload as it travels to the ledger: already encrypted under a key of
// its own, its commitment made, so that the ledger's thread only stores it.

#include "runtime/base/bytes.hpp"
#include "runtime/domain/entry.hpp"

namespace acgs::domain {

struct sealed_payload {
  commitment covered_by;
  bytes key;        ///< 32 bytes, stored apart: destroying it shreds the text
  bytes ciphertext; ///< nonce || XChaCha20-Poly1305(salt || payload)
};

} // namespace acgs::domain
