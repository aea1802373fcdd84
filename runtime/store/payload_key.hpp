// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the table "payload_keys/<origin>" holds for a payload, in three forms
// that differ in length:
//   40 bytes  number of the secret in the vault (8, big endian) || the key,
//             masked by that secret (runtime/crypto/mask.hpp)
//   8 bytes   the key was destroyed; the index of the entry that says so
//   32 bytes  the key itself, as versions before the vault kept it

#include "runtime/store/keys.hpp"
#include "runtime/store/vault.hpp"

#include <optional>

namespace acgs::store {

/// Which payload a key belongs to.
struct payload_place {
  std::uint64_t index = 0;
  std::uint8_t place = 0;
};

/// The table's value, taken apart.
struct kept_key {
  std::optional<std::uint64_t> secret;      ///< it is masked by
  std::optional<std::uint64_t> shredded_by; ///< the entry that says so
  byte_view value;                          ///< the key or its mask

  /// Fails with `store_corrupt` on another length.
  static result<kept_key> read(byte_view from);
};

/// The first form.
bytes masked_key(std::uint64_t number, const digest& secret, payload_place at,
                 byte_view key);

/// The key, or empty where its secret is gone.
result<bytes> open_key(vault& with, const kept_key& kept, payload_place at);

} // namespace acgs::store
