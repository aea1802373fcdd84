// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The front part of a log that was archived: a copy of its entries and payloads
// was written to a folder and verified there, and they are gone from the store.
// What stays are the tiles of hashes, so that proofs of every entry and the
// root of every size still hold, and the keys of the payloads, so that what
// lies in an archive can be opened and shredded here and nowhere else.
//
// The record "archived/<origin>" of "meta" is what counts: from the transaction
// on that writes it together with the entry that tells of it, what lies before
// it is not looked at. LEDGER erases the rows afterwards, in small pieces.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace acgs::store {

/// How much was archived; all zero: nothing.
struct archived_part {
  std::uint64_t size = 0;     ///< entries, from the first on: whole tiles
  digest root{};              ///< of the tree over them
  std::uint64_t told_by = 0;  ///< the entry that tells of it
  std::uint64_t revision = 0; ///< of control state: the last that they tell of

  friend bool operator==(const archived_part&, const archived_part&) = default;
};

/// The stored form: size (8 bytes, big endian) || root (32) || told_by (8) ||
/// revision (8).
bytes encode_archived(const archived_part& part);

/// Fails with `store_corrupt` on anything else.
result<archived_part> decode_archived(byte_view encoded);

/// Says where entry `index`, which is before `part.size`, is: `not_found`.
caf::error archived_error(std::uint64_t index, const archived_part& part);

/// Folders in which archived entries can be read. What it returns was checked
/// by nobody; any thread may use it.
class archived_log {
public:
  virtual ~archived_log();

  /// The entry from which on it says to have all those before `end`; `end`
  /// where it has not even the last of them.
  virtual std::uint64_t begin(const std::string& origin,
                              std::uint64_t end) const = 0;

  /// The bundle of entries of that number (C2SP tlog-tiles), a full one, or
  /// nothing where it has none.
  virtual std::optional<bytes> bundle(const std::string& origin,
                                      std::uint64_t number) const = 0;

  /// The payloads of that bundle's entries, sealed (payload_bundle.hpp).
  virtual std::optional<bytes> payloads(const std::string& origin,
                                        std::uint64_t number) const = 0;
};

} // namespace acgs::store
