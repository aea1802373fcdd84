// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A store's file written anew without its free pages: before a migration, and
// to give disk back. Nobody may have the store open in this process.

#include "runtime/base/error.hpp"

#include <cstdint>
#include <filesystem>

namespace acgs::store {

/// Copies the environment in a folder to a new `data.mdb` in another, which is
/// made; synced, and with as many tables and records as the original. Fails
/// with `conflict` where the file is there, and as `open_lmdb` does; then
/// nothing is left.
caf::error copy_lmdb(const std::filesystem::path& from,
                     const std::filesystem::path& to);

/// What its file takes on disk, in bytes; 0 where there is none.
std::uint64_t size_of_lmdb(const std::filesystem::path& folder);

/// Puts a compacted copy in the place of the environment in a folder, in one
/// step. Fails as `copy_lmdb` does; then the folder is as it was.
caf::error compact_lmdb(const std::filesystem::path& folder);

} // namespace acgs::store
