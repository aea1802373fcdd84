// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Actors with a thread of their own whose work comes in bulk: the kernel is
// told so, see `process::schedule_as_batch`. Not for LEDGER and the gateways,
// which must get a processor as soon as there is something to do although a
// policy may keep one busy.

#include <utility>

namespace acgs::node {

/// For the thread that calls it; writes to the log where the kernel refuses.
void work_in_bulk();

/// The behaviour of an actor, on a thread that works in bulk.
template <class Made, class Pointer, class Config>
auto in_bulk(Made (*behavior)(Pointer, Config)) {
  return [behavior](Pointer self, Config with) -> Made {
    work_in_bulk();
    return behavior(self, std::move(with));
  };
}

} // namespace acgs::node
