// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: whether LMDB's file still has the pages that it
// uses. LMDB reads through a mapping and trusts its own count of pages: one
// that the file no longer has ends the process with SIGBUS, and an empty file
// it takes for a new one and writes to.
//
// The count alone decides nothing. A transaction may take pages at the end and
// free them again before it writes: they are counted and free, and the file is
// shorter by as many, which for a large value is hundreds. So where a file is
// shorter than its count, each page that is missing must be in LMDB's list of
// free pages. That is enough: LMDB writes a free page before it reads it, and
// what lies in a transaction's list is used by no table of that transaction.
// The list is itself kept in pages, which may be missing; so it is not read
// through the mapping but from the file, in LMDB's format 1 (0.9), the numbers
// checked. To fill the file up at each commit instead would not tell it from
// one that was cut between a commit and that, nor in stores that are there.

#include "runtime/base/error.hpp"

#include <lmdb.h>

#include <filesystem>

namespace acgs::store::detail {

/// Before LMDB opens a file: fails with `store_corrupt` where it has not even
/// the two pages that say what the others are. One that is not there or not
/// LMDB's is left to LMDB to name.
caf::error check_lmdb_begin(const std::filesystem::path& file);

/// Before LMDB reads any other page of `file`, which `in` has open: fails with
/// `store_corrupt` where a page that is in use is not wholly in the file, and
/// names it. A writer in another process may go on meanwhile. Reads the file
/// only where it is shorter than LMDB's count.
caf::error check_lmdb_length(MDB_env* in, const std::filesystem::path& file);

} // namespace acgs::store::detail
