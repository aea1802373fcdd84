// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What LEDGER's core knows of a transaction while it is being put together.

#include "actors/ledger/state.hpp"

namespace acgs::ledger {

struct state::writing {
  std::unique_ptr<store::write_transaction> with;
  store::log_head head;
  std::uint64_t room = 0;
  bool entries_written = false;
  bool half_written = false; ///< a request of which only a part is in it
};

/// What is wrong with the store and not with one request: the transaction is
/// given up.
inline bool is_of_the_store(const caf::error& error) {
  return code_of(error) >= ec::store_full;
}

/// Whether the store is as it was before the transaction that was given up for
/// this, so that the next one may be tried.
inline bool may_go_on(const caf::error& error) {
  return code_of(error) == ec::store_full || code_of(error) == ec::unavailable;
}

/// Whether nothing more may be tried with the store.
inline bool is_final(const caf::error& error) {
  return is_of_the_store(error) && !may_go_on(error);
}

} // namespace acgs::ledger
