// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files of an archive that is being written: each appears whole and synced,
// in the place of an older one; the folders are synced once, at the end. And
// what is read of them in several places.

#include "runtime/archive/folder.hpp"
#include "runtime/crypto/key_history.hpp"

#include <set>

namespace acgs::archive {

class files {
public:
  /// The name under which a file is written before it has its own.
  static constexpr const char* unfinished = "unfinished";

  explicit files(std::filesystem::path folder) : folder_{std::move(folder)} {
    // Writes when told.
  }

  /// Makes a folder and those above it where they are missing.
  caf::error make(const std::filesystem::path& folder);

  /// Fails with `store_full` where the disk has no room for it and some more,
  /// and with `store_io`, naming the file.
  caf::error put(const std::string& path, byte_view content);

  /// Makes durable what the folders of all these files name.
  caf::error sync_folders();

private:
  std::filesystem::path folder_;
  std::set<std::filesystem::path> touched_;
};

/// SHA-256 over the payload files of an archive, in their order. Fails with
/// `store_corrupt` where one is missing.
result<digest> sum_of_payloads(const std::filesystem::path& folder,
                               const description& what);

/// The keys that a verifier key leads to by a list of keys, which may be empty.
result<crypto::key_history> keys_of(const std::string& vkey,
                                    const std::string& list);

} // namespace acgs::archive
