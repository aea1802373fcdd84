// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifying a whole log from its C2SP tlog-tiles resources and nothing else:
// every entry of every bundle hashes to its leaf, the leaves lead to every
// tile, and all of them to the checkpoint's root. What is not what the
// checkpoint promises is named, the first of it. Holds one bundle and one tile
// a level at a time.

#include "merkle/checkpoint.hpp"
#include "merkle/tile.hpp"

#include <functional>
#include <optional>

namespace merkle {

/// The content of what a log serves under a path ("tile/0/000",
/// "tile/entries/x001/067.p/5"), or nothing where there is none.
using resource_reader =
    std::function<std::optional<bytes>(const std::string& path)>;

/// What an audit found.
struct audit_report {
  std::uint64_t checked = 0;                ///< entries that hold
  std::optional<std::uint64_t> first_wrong; ///< the first that does not
  std::string problem;                      ///< empty where the log holds

  friend bool operator==(const audit_report&, const audit_report&) = default;
};

/// Checks all entries and tiles below `head`, whose signature the caller has
/// checked. A partial tile or bundle may be there as the full one that it
/// became. Calls `progress`, where there is one, with the number of entries
/// checked, once a bundle. Of the entries before `first`, a multiple of 256,
/// the tiles' hashes stand in for bundles that are somewhere else: they are not
/// counted as checked. A bundle that is here is checked all the same, since
/// what says that it is elsewhere is signed by nobody.
audit_report audit_log(const checkpoint& head, const resource_reader& read,
                       const std::function<void(std::uint64_t)>& progress = {},
                       std::uint64_t first = 0);

/// The first entry of a bundle whose leaf hash is not what the tile of leaves
/// with the same index holds, by its place in the bundle; nothing where
/// `width` entries are there and hold, and nothing else is.
std::optional<unsigned> first_wrong_in_bundle(hasher& with, bytes_view bundle,
                                              bytes_view tile, unsigned width);

} // namespace merkle
