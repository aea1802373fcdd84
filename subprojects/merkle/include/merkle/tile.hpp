// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// C2SP tlog-tiles: the tree as tiles of 256 hashes and the entries as bundles.
// Tile `index` at level L holds the roots of the complete subtrees of 256^L
// leaves from leaf index*256^(L+1) on; a width below 256 makes it partial. An
// entry bundle is a sequence of entries, each after its length as 16 bits big
// endian. Paths: tile/<L>/<N>[.p/<W>] and tile/entries/<N>[.p/<W>], where
// 1234067 is written x001/x234/067.

#include "merkle/hasher.hpp"

#include <functional>
#include <optional>

namespace merkle {

/// Hashes in a full tile, entries in a full bundle.
inline constexpr unsigned tile_width = 256;

/// The longest entry that a bundle can hold, in bytes.
inline constexpr std::size_t max_entry_size = 65535;

/// The highest level that a path can name.
inline constexpr unsigned max_tile_level = 63;

/// Which tile.
struct tile_id {
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = tile_width;

  friend bool operator==(const tile_id&, const tile_id&) = default;
};

/// Which bundle of entries.
struct bundle_id {
  std::uint64_t index = 0;
  unsigned width = tile_width;

  friend bool operator==(const bundle_id&, const bundle_id&) = default;
};

/// Returns the hashes of a tile, 32 bytes each: at least `id.width` of them,
/// or nothing where the tile does not exist.
using tile_reader = std::function<std::optional<bytes>(const tile_id& id)>;

/// How many hashes (256 or fewer, 0 for none) tile `index` at `level` holds in
/// a tree of `size` leaves.
unsigned tile_width_at(unsigned level, std::uint64_t index,
                       std::uint64_t size) noexcept;

/// The path of a tile, from "tile/" on.
std::string tile_path(const tile_id& id);

/// The path of a bundle, from "tile/entries/" on.
std::string bundle_path(const bundle_id& id);

/// Reads what `tile_path` writes and nothing else.
result<tile_id> parse_tile_path(std::string_view path);

/// Reads what `bundle_path` writes and nothing else.
result<bundle_id> parse_bundle_path(std::string_view path);

/// Appends one entry to a bundle. Fails above 65,535 bytes.
outcome append_to_bundle(bytes& bundle, bytes_view entry);

/// The entries of a bundle, as views into it. Fails on a length that runs
/// beyond the end and on more than 256 entries.
result<std::vector<bytes_view>> parse_bundle(bytes_view bundle);

/// The root of the complete subtree over hashes [first, first + 2^height) of a
/// tile's content; nothing where the content is too short.
std::optional<hash> subtree_hash(hasher& with, bytes_view tile, unsigned first,
                                 unsigned height);

} // namespace merkle
