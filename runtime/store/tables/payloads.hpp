// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tables "payloads/<origin>" and "payload_keys/<origin>" of ledger/: what the
// commitments of the entries cover, and the keys that open it.
// Key of both: the entry's index (8 bytes, big endian) || the commitment's
// place in the entry (1 byte), so that writing only ever appends.
// Values: nonce || XChaCha20-Poly1305(salt || payload); the key as
// payload_key.hpp has it, masked by a secret of the vault (vault.hpp).
// Of archived entries the keys are here and the payloads are not.
// Invariant: what the tables hold opens no payload without the vault's file,
// `secrets` beside the environment's, so that no copy of them (a mirror, a
// backup, a page that was freed) outlives a secret that was destroyed.

#include "runtime/store/keys.hpp"

#include <algorithm>
#include <string>

namespace acgs::store::payloads {

inline std::string name(std::string_view origin) {
  return "payloads/" + std::string{origin};
}

inline std::string keys_name(std::string_view origin) {
  return "payload_keys/" + std::string{origin};
}

inline std::array<std::byte, 9> key(std::uint64_t index, std::uint8_t place) {
  std::array<std::byte, 9> out{};
  auto number = to_key(index);
  std::copy(number.begin(), number.end(), out.begin());
  out[8] = std::byte{place};
  return out;
}

} // namespace acgs::store::payloads
