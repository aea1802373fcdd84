// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A Merkle tree that only grows (RFC 6962), held as what is needed to go on:
// the roots of the complete subtrees along its right edge, and the rightmost
// tile of every level. Appending costs one leaf hash and on average one node
// hash. `take_tiles` hands out what changed, for the owner to store; `restore`
// goes on from stored tiles. One thread at a time.

#include "merkle/hasher.hpp"
#include "merkle/tile.hpp"

#include <optional>

namespace merkle {

/// One tile and the hashes that it holds.
struct tile_content {
  tile_id id;
  bytes hashes;
};

/// The growing edge of a log.
class tree {
public:
  /// The tree without leaves.
  tree() = default;

  /// The tree of `size` leaves whose tiles `read` returns. Fails where a tile
  /// is missing or shorter than the size demands.
  static result<tree> restore(std::uint64_t size, const tile_reader& read);

  /// Appends a leaf by its hash; returns its index.
  std::uint64_t append(const hash& leaf_hash);

  /// Hashes `data` as a leaf and appends it; returns its index.
  std::uint64_t append_data(bytes_view data);

  std::uint64_t size() const noexcept { return size_; }

  /// The root over all leaves so far.
  hash root();

  /// Every tile that changed since the last call, in order of level and
  /// index; the rightmost ones may be partial.
  std::vector<tile_content> take_tiles();

private:
  struct edge {
    std::uint64_t index = 0; // the tile that is being filled
    bytes hashes;            // its hashes so far
    bool changed = false;
  };

  void put(unsigned level, const hash& value);

  hasher hasher_;
  std::uint64_t size_ = 0;
  std::vector<hash> peaks_; // complete subtrees, largest first
  std::vector<edge> edges_; // by tile level
  std::vector<tile_content> full_;
};

} // namespace merkle
