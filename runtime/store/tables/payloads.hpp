// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tables "payloads/<origin>" and "payload_keys/<origin>" of ledger/: what the
// commitments of the entries cover, and the keys that open it.
// Key of both: the entry's index (8 bytes, big endian) || the commitment's
// place in the entry (1 byte), so that writing only ever appends.
// Values: nonce || XChaCha20-Poly1305(salt || payload); 32 bytes of key.
// Invariant: a payload without a key was shredded. Keys leave the node in no
// mirror and no export.

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
