// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A folder that holds the front part of a log, or a stretch of it:
//
//   vkey, keys, checkpoint, tile/...   C2SP tlog-tiles of the tree at the
//                       archive's size: all hashes, the bundles of entries from
//                       `first` on. Where `first` is 0 it is a whole log that
//                       any tool verifies.
//   payload/x001/x234/067   sealed payloads of the bundle of that number
//                       (store/payload_bundle.hpp)
//   archive             what is here, one JSON object:
//                       {"origin":...,"first":0,"size":512,"payloads":<SHA-256
//                       over all payload files in their order>}
//   archiving           the same without the last: it is not finished
//
// An exported log whose first entries are in an archive has the file `archive`
// too, without payloads. What stands in the folder is a claim; the key of the
// log's checkpoints verifies the entries.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"
#include "runtime/store/archived.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace acgs::archive {

inline constexpr const char* description_name = "archive";
inline constexpr const char* unfinished_name = "archiving";

/// What a folder says that it holds.
struct description {
  std::string origin;
  std::uint64_t first = 0;        ///< entries before it are elsewhere
  std::uint64_t size = 0;         ///< of the tree
  std::optional<digest> payloads; ///< over the payload files, where it has any

  friend bool operator==(const description&, const description&) = default;
};

std::string format_description(const description& what);

/// Fails with `store_corrupt` on anything else.
result<description> parse_description(std::string_view text);

/// The description of that name in a folder; nothing where there is none.
result<std::optional<description>>
read_description(const std::filesystem::path& folder, const char* name);

/// "payload/x001/x234/067".
std::string payload_path(std::uint64_t bundle);

/// The content of a file, or nothing where there is none or it is longer than
/// any of an archive.
std::optional<bytes> read_part(const std::filesystem::path& folder,
                               const std::string& path);

/// Reads archived entries where one of the folders has them; any may come into
/// being or grow later. Null where there is no folder.
std::shared_ptr<const store::archived_log>
open_folders(std::vector<std::filesystem::path> folders);

} // namespace acgs::archive
