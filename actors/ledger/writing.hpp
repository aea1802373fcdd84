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

} // namespace acgs::ledger
