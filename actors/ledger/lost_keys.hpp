// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Payloads whose keys are in the store while the secrets that mask them are
// not: the vault's file was cut, or is gone. Nobody shredded them.

#include "runtime/store/store.hpp"

#include <string>

namespace acgs::ledger {

/// Entries [first, last] of a log, or some of them.
struct lost_keys {
  std::string origin;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// Looks at the newest keys of each log in the store, and again at what was
/// lost before; makes a note of both in the store, and sees to it that the
/// number of a lost secret is not drawn again. Fails as reading, `vault::skip`
/// and writing do.
result<std::vector<lost_keys>> find_lost_keys(store::environment& in);

/// What it means, as a sentence.
std::string describe(const std::vector<lost_keys>& what);

} // namespace acgs::ledger
