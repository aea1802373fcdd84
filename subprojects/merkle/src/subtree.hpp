// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal: the root of any range of leaves, from tiles. Each tile is read
// once and kept as long as the object lives, which is one proof.

#include "merkle/tile.hpp"

#include <map>

namespace merkle::detail {

/// Roots of subtrees of the first `size` leaves of a tiled log.
class subtrees {
public:
  subtrees(std::uint64_t size, const tile_reader& read)
      : size_(size), read_(read) {}

  /// The root over the 2^height leaves from index * 2^height on, all of which
  /// must be among the first `size`.
  result<hash> complete(unsigned height, std::uint64_t index);

  /// The root over leaves [low, high); `low` is a multiple of the smallest
  /// power of two that is at least high - low.
  result<hash> range(std::uint64_t low, std::uint64_t high);

  hasher& with() noexcept { return hasher_; }

private:
  const bytes* tile(unsigned level, std::uint64_t index);

  std::uint64_t size_;
  const tile_reader& read_;
  hasher hasher_;
  std::map<std::pair<unsigned, std::uint64_t>, bytes> tiles_;
};

/// The largest power of two below n; n is at least 2.
std::uint64_t split_point(std::uint64_t n) noexcept;

} // namespace merkle::detail
