// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: how much of LMDB's file is free for reuse. LMDB
// keeps a record for each transaction that freed pages, under the transaction's
// number, and takes pages out of those that are older than what any reader
// sees.

#include <lmdb.h>

#include <cstdint>

namespace acgs::store::detail {

/// Bytes of the pages that the next write transaction may use again, counted
/// until they are `enough`: so no more records are looked at than pages make
/// that up. They may be scattered. 0 where it cannot be told.
std::uint64_t reusable_bytes(MDB_env* in, std::uint64_t enough);

} // namespace acgs::store::detail
