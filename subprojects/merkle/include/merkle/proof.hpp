// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Inclusion and consistency proofs (RFC 6962, 2.1.1 and 2.1.2), made from
// tiles and verified without them (RFC 9162, 2.1.3.2 and 2.1.4.2). Pure.

#include "merkle/hasher.hpp"
#include "merkle/tile.hpp"

namespace merkle {

/// The sibling hashes from the leaf (or oldest node) up to the root.
using proof = std::vector<hash>;

/// No honest proof is longer: a path in a tree of at most 2^64 leaves has 64
/// hashes, a consistency proof one more.
inline constexpr std::size_t max_proof_length = 65;

/// The root of the tree over the first `size` leaves of the tiles.
result<hash> root_from_tiles(std::uint64_t size, const tile_reader& read);

/// Proves that leaf `index` is in the tree of `size` leaves.
result<proof> prove_inclusion(std::uint64_t index, std::uint64_t size,
                              const tile_reader& read);

/// Proves that the tree of `old_size` leaves is a prefix of that of `size`.
result<proof> prove_consistency(std::uint64_t old_size, std::uint64_t size,
                                const tile_reader& read);

/// Accepts exactly the proof that puts `leaf` at `index` of the tree with that
/// size and root.
outcome verify_inclusion(const hash& leaf, std::uint64_t index,
                         std::uint64_t size, const proof& path,
                         const hash& root);

/// Accepts exactly the proof that the old tree is a prefix of the new one.
outcome verify_consistency(std::uint64_t old_size, const hash& old_root,
                           std::uint64_t size, const hash& root,
                           const proof& path);

} // namespace merkle
