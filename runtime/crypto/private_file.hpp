// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files that only their owner may read, and the folders of such: keys and what
// unlocks them. What lets anybody else in is refused, not repaired, since its
// content may already be known.

#include "runtime/base/error.hpp"
#include "runtime/crypto/secret.hpp"

#include <filesystem>

namespace acgs::crypto {

/// The largest private file that is read.
inline constexpr std::size_t private_file_size_max = 64u << 10;

/// Makes the folder with mode 0700 where it is missing. Fails with `forbidden`
/// where it is one that others than this user may enter, or with `store_io`.
caf::error ensure_private_folder(const std::filesystem::path& path);

/// Reads a private file into guarded memory. Fails with `not_found`, with
/// `forbidden` where it is not a regular file of mode 0600 or less that
/// belongs to this user, with `too_large`, or with `store_io`.
result<secret> read_private_file(const std::filesystem::path& path);

/// Writes a new file of mode 0600 and syncs it and its folder. Fails with
/// `conflict` where something of that name exists, or with `store_io`.
caf::error write_private_file(const std::filesystem::path& path,
                              byte_view content);

/// The same, but over a file of that name, which is there whole at any time:
/// the old one or the new one.
caf::error replace_private_file(const std::filesystem::path& path,
                                byte_view content);

} // namespace acgs::crypto
