// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What LEDGER checks when it starts: that the tail of the log, its tree, its
// head and its signed checkpoint agree. Reads only.

#include "runtime/crypto/key_history.hpp"
#include "runtime/store/log_view.hpp"

#include <merkle/tree.hpp>

namespace acgs::ledger {

/// What the store holds, checked.
struct recovered {
  merkle::tree tree;
  store::log_head head;
  store::archived_part archived;
  std::uint64_t signed_size = 0;
  bool signed_any = false;
};

/// Entries at the end whose hashes are recomputed at each start: more than a
/// commit can hold. The whole log is checked by `audit verify`.
inline constexpr std::uint64_t tail_checked = 4096;

/// Fails with `store_corrupt`, naming the first thing that is wrong.
result<recovered> recover_log(store::environment& in,
                              const store::log_tables& tables,
                              const crypto::key_history& keys);

} // namespace acgs::ledger
