// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What this node's log tells of control state's history, for a start: a
// state/ that was rolled back, lost or exchanged is then noticed before
// anything is decided by it.

#include "runtime/store/store.hpp"
#include "runtime/store/told_history.hpp"

namespace acgs::control {

/// So many entries at the end of the log are read, in about a millisecond;
/// `acgs store check` reads them all.
inline constexpr std::uint64_t told_entries_max = 1024;

/// What the newest entries of the log with that origin tell; of archived ones,
/// what LEDGER noted when it gave them up. Fails with `store_corrupt` where one
/// cannot be read, and as the store does.
result<store::told_history> hear_newest(store::environment& ledger,
                                        const std::string& origin);

} // namespace acgs::control
