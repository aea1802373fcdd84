// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tables of state/, which CONTROL writes.
// "commands": key: the revision that the command led to (8 bytes, big endian,
//   from 1). Value: the command, a message of schemas/command.capnp. Without a
//   gap; never changed.
// "commands_by_name": key: as in tables/index.hpp, of the command's name and
//   its revision. No value. Made again from "commands" where it lags.
// "applied": key: a name that CONTROL chooses. Value: what CONTROL put there:
//   control state at a revision, so that a start need not apply the whole
//   history.
// "bundles": key: SHA-256 of a bundle's archive in hexadecimal. Value: the
//   archive, a tar.gz. Written with the command that puts it; gone, some time
//   after, when control state knows it no more.

#include "runtime/store/keys.hpp"

namespace acgs::store::state {

inline constexpr const char* commands_name = "commands";
inline constexpr const char* by_name_name = "commands_by_name";
inline constexpr const char* applied_name = "applied";
inline constexpr const char* bundles_name = "bundles";

/// In "applied": the last revision (8 bytes, big endian), and the one up to
/// which the ledger is known to hold the entries.
inline const byte_view head_key = as_byte_view("head");
inline const byte_view recorded_key = as_byte_view("recorded");

} // namespace acgs::store::state
