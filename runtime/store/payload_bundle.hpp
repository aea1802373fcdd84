// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sealed payloads of up to 256 entries as one text of bytes, as archives hold
// them: records in the order of their keys, each
//
//   the entry's index (8, big endian) || the commitment's place (1)
//   || size (4, big endian) || nonce || ciphertext
//
// They are sealed under keys that are in no archive.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace acgs::store {

/// Adds a record; keys must ascend.
void add_payload(bytes& to, std::uint64_t index, std::uint8_t place,
                 byte_view sealed);

/// Visits the records until `visit` returns false. Fails with `store_corrupt`
/// where they are no whole records or do not ascend.
caf::error for_each_payload(
    byte_view in,
    const std::function<bool(std::uint64_t, std::uint8_t, byte_view)>& visit);

/// The payload of a commitment, as a view into the bundle, or nothing.
std::optional<byte_view> find_payload(byte_view in, std::uint64_t index,
                                      std::uint8_t place);

} // namespace acgs::store
