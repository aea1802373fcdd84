// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: LMDB's return codes as our errors.

#include "runtime/base/error.hpp"

#include <lmdb.h>

#include <filesystem>

namespace acgs::store::detail {

/// `code` is not 0; `doing` says what failed, for example "commit ledger".
caf::error lmdb_error(int code, const std::string& doing);

/// Ends the process with the code of a corrupt store, and a sentence that names
/// it, where LMDB finds a page that it cannot go on with: it has no other way
/// than to end it.
void end_on_damaged_page(MDB_env* in);

/// The same for a call on a file that failed; `errno` says why.
caf::error file_error(const std::string& doing,
                      const std::filesystem::path& file);

} // namespace acgs::store::detail
