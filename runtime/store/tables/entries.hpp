// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Table "entries/<origin>" of ledger/: the log itself.
// Key: the entry's index from 0 (8 bytes, big endian). Value: its bytes, a
// flat Cap'n Proto message of schemas/entry.capnp, at most 65,535; these are
// what the tree's leaf hashes cover.
// Invariant: the keys are the size of what was archived (0 where nothing was)
// to size - 1 without a gap; a value never changes. What is before them is on
// its way out.

#include "runtime/store/keys.hpp"

#include <string>

namespace acgs::store::entries {

inline std::string name(std::string_view origin) {
  return "entries/" + std::string{origin};
}

} // namespace acgs::store::entries
