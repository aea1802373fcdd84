// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A ledger entry in its wire and stored form (`schemas/entry.capnp`).

#include "runtime/domain/entry.hpp"
#include "runtime/wire/message.hpp"

namespace acgs::wire {

using entry = message<domain::entry>;

/// The largest encoded entry (C2SP tlog-tiles: 16-bit lengths in bundles).
inline constexpr std::size_t entry_bytes_max = 65535;

} // namespace acgs::wire
