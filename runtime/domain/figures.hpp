// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What parts of a node say of themselves in numbers, to whoever asks: as the
// parts, the gateways and the clients have it.

#include <cstdint>
#include <string>
#include <vector>

namespace acgs::domain {

/// Of the cache of answers: counts since the start, sizes now.
struct cache_stats {
  std::uint64_t l1_hits = 0;
  std::uint64_t l1_misses = 0;
  std::uint64_t l1_entries = 0;
  std::uint64_t l1_max = 0;
  std::uint64_t l2_hits = 0;
  std::uint64_t l2_misses = 0;
  std::uint64_t l2_entries = 0;
  std::uint64_t l2_max = 0;
};

/// What warming the cache came to.
struct warmed {
  std::uint64_t scenarios = 0; ///< requests remembered
  std::uint64_t evaluated = 0;
  std::uint64_t added = 0;
  std::int64_t nanos = 0;
};

/// Of the ledger.
struct ledger_stats {
  std::string origin;
  std::uint64_t entries = 0;
  std::uint64_t indexed = 0; ///< the index is complete below this
  std::uint64_t bytes_used = 0;
  std::uint64_t map_bytes = 0;
  std::int64_t first_nanos = 0;
  std::int64_t last_nanos = 0;
  std::uint64_t archived = 0; ///< entries before this are in an archive
  /// In the order of entry_kind; of the entries that are here, without what is
  /// far beyond the index.
  std::vector<std::uint64_t> by_kind;
};

} // namespace acgs::domain
