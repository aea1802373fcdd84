// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a transaction changed, as the body of a record of the write-ahead log:
// one change after the other, each kind (1 byte) || length of the table's name
// (1) || name || length of the key (2, big endian) || key || length of the
// value (4, big endian) || value. The kinds: 0, the value was set; 1, it was
// erased; 2, these bytes were added behind it, as a tile of hashes grows.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"

#include <functional>

namespace acgs::store {

enum class wal_change_kind : std::uint8_t { set, erased, extended };

struct wal_change {
  wal_change_kind kind = wal_change_kind::set;
  std::string_view table;
  byte_view key;
  byte_view value; ///< of an extended one, what is new
};

/// Writes a change behind the others. Name and key are within their bounds.
void add_change(bytes& body, const wal_change& what);

/// Hands on each change, in order. Fails with `store_corrupt` on anything else
/// than changes, and as `use` does.
caf::error
for_each_change(byte_view body,
                const std::function<caf::error(const wal_change&)>& use);

} // namespace acgs::store
