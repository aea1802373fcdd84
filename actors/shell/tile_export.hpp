// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The log as a folder of C2SP tlog-tiles: bundles of entries, tiles,
// "checkpoint" and "vkey". Entries are fetched, tiles are made from them, and
// the checkpoint is written last and only where the entries lead to its root:
// a folder with a checkpoint is a whole log. Going on where an earlier export
// stopped, or after the log grew, fetches only what is missing.

#include "runtime/base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace acgs::shell {

/// Where the log comes from: a resource by its path, "checkpoint", "vkey",
/// "tile/entries/000".
using resource_source = std::function<result<std::string>(const std::string&)>;

struct exported_tree {
  std::string origin;
  std::uint64_t size = 0;    ///< entries
  std::uint64_t fetched = 0; ///< of them now, and not by an earlier export
};

/// Writes the log as it is now; `progress` hears of entries done and of how
/// many there are. Fails with `conflict` where the folder holds another log or
/// a longer one, `store_corrupt` where the log contradicts its checkpoint,
/// `store_io` where the folder cannot be written.
/// Of the entries before `first`, a multiple of 256, only hashes are there:
/// they are in an archive, and the folder's file `archive` says so.
result<exported_tree>
export_tiles(const std::filesystem::path& folder, const resource_source& read,
             const std::function<void(std::uint64_t, std::uint64_t)>& progress,
             std::uint64_t first = 0);

} // namespace acgs::shell
