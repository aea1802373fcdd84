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

/// The largest private file that is read where nothing else is said.
inline constexpr std::size_t private_file_size_max = 64u << 10;

/// Makes the folder with mode 0700 where it is missing. Fails with `forbidden`
/// where it is one that others than this user may enter, or with `store_io`.
caf::error ensure_private_folder(const std::filesystem::path& path);

/// Reads a private file into guarded memory. Fails with `not_found`, with
/// `forbidden` where it is not a regular file of mode 0600 or less that
/// belongs to this user, with `too_large`, or with `store_io`.
result<secret> read_private_file(const std::filesystem::path& path,
                                 std::size_t size_max = private_file_size_max);

/// The same for a credential that a service manager hands over: it may also
/// belong to root, and to a group by the mask of an access control list, as
/// systemd's do; others have no access.
result<secret> read_credential_file(const std::filesystem::path& path);

/// Writes a new file of mode 0600 and syncs it and its folder. Fails with
/// `conflict` where something of that name exists, or with `store_io`.
caf::error write_private_file(const std::filesystem::path& path,
                              byte_view content);

/// Replaces a file, or makes it, in one step: after a crash it holds what it
/// held or `content`, whole and synced. Fails with `store_io`; then it may be
/// either, and must be read again.
caf::error replace_private_file(const std::filesystem::path& path,
                                byte_view content);

} // namespace acgs::crypto
