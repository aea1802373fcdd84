// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a backup says of itself, as the text of a C2SP signed note, signed by
// the key of the log's checkpoints. Its first line is not the log's name, so
// that it is never taken for a checkpoint. Lines, in this order:
//
//   acgs-backup/1
//   origin acgs/node-1/1
//   entries 1000 2500              from the first (inclusive) to the size
//   root <of 1000, base64> <of 2500, base64>
//   archived 512 700 9 <root of 512, base64>   where it lacks entries before
//                                  the first number: they are in an archive,
//                                  as entry 700 tells; of revisions up to 9
//   revisions 12 20                of control state: after 12, up to 20
//   time 2026-02-15T12:00:00.000000Z
//   schema ledger/1 state/1
//   blocks 7 <SHA-256 over their headers, hexadecimal>

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"
#include "runtime/store/archived.hpp"

#include <cstdint>
#include <string>

namespace acgs::backup {

/// What part of a node's stores a backup holds.
struct extent {
  std::string origin;
  std::uint64_t size_base = 0; ///< entries before it are in the base
  std::uint64_t size = 0;
  digest root_base{}; ///< of the tree over the entries before `size_base`
  digest root{};
  std::uint64_t revision_base = 0; ///< commands up to it are in the base
  std::uint64_t revision = 0;
  store::archived_part archived; ///< of the first entries only hashes are here

  /// Whether it needs another backup to be restored.
  bool incremental() const { return size_base > 0 || revision_base > 0; }

  friend bool operator==(const extent&, const extent&) = default;
};

struct manifest {
  extent of;
  std::int64_t time_nanos = 0;
  unsigned schema_ledger = 1;
  unsigned schema_state = 1;
  std::uint64_t blocks = 0; ///< before the manifest
  digest headers{};         ///< SHA-256 over their headers

  friend bool operator==(const manifest&, const manifest&) = default;
};

/// The note's text.
std::string format_manifest(const manifest& what);

/// Reads what `format_manifest` writes and nothing else. Fails with
/// `store_corrupt`.
result<manifest> parse_manifest(std::string_view text);

/// Whether a text claims to be a manifest: what SIGNER asks before it signs.
bool is_manifest_of(std::string_view text, std::string_view origin);

} // namespace acgs::backup
