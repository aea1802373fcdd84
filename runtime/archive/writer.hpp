// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Archives the front part of a log: writes it to a folder (folder.hpp), file by
// file, each whole and synced, and verifies what lies on the disk then. Nothing
// is removed from the log here: whoever calls this does so afterwards, and only
// where it succeeded. What a run that was cut off has left is gone on with.
//
// A folder that holds the archive up to where the log begins is gone on with as
// well, so that one folder grows; until its new checkpoint is written it stays
// the archive that it was.

#include "runtime/archive/folder.hpp"
#include "runtime/crypto/key_history.hpp"

#include <functional>

namespace acgs::archive {

/// Where the log comes from.
struct source {
  /// "vkey", "keys", "tile/0/000", "tile/entries/000", and "checkpoint/512":
  /// signed, of the tree at that size.
  std::function<result<std::string>(const std::string& path)> resource;

  /// The sealed payloads of a bundle's entries.
  std::function<result<bytes>(std::uint64_t bundle)> payloads;
};

struct order {
  std::filesystem::path folder;
  std::uint64_t archived = 0; ///< of the log so far: it begins there
  std::uint64_t size = 0;     ///< entries before this, whole tiles
  /// Called with the entries done and all of them.
  std::function<void(std::uint64_t, std::uint64_t)> progress;
};

struct archived {
  description what;
  digest root{};
  std::uint64_t checked = 0; ///< entries that were verified
};

/// Writes, and verifies by `verify`. Fails with `invalid_argument` (not whole
/// tiles, nothing to do), `conflict` where the folder holds something else or
/// an archive that does not lead up to this one, `store_full` where it has too
/// little room, `store_corrupt` where the log contradicts itself or the disk
/// does not hold what was written, `store_io`, and as the source does; one
/// that gives no payloads is found out before anything is written.
result<archived> write_archive(const order& what, const source& from);

/// Verifies an archive by keys that are trusted, from its files alone: every
/// entry that it has leads to the signed root, and every commitment has the
/// payload that the digest covers. Fails with `store_corrupt`, naming the first
/// thing that is wrong, and `not_found` where there is no archive.
result<archived>
verify(const std::filesystem::path& folder, const crypto::key_history& keys,
       const std::function<void(std::uint64_t, std::uint64_t)>& progress);

/// Whether the payload files are those of the description, and all are there;
/// what is wrong otherwise. Part of `verify`.
caf::error check_payloads(const std::filesystem::path& folder,
                          const description& what);

} // namespace acgs::archive
