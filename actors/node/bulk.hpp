// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Actors with a thread of their own whose work comes in bulk: the kernel is
// told so, see `process::schedule_as_batch`. Not for the gateways, which must
// get a processor as soon as there is something to do although a policy may
// keep one busy; and for LEDGER only while many entries come at once.

#include <functional>
#include <utility>

namespace acgs::node {

/// For the thread that calls it; writes to the log where the kernel refuses.
void work_in_bulk();

/// Called with true and false it switches the thread that calls it between work
/// in bulk and the usual kind; writes to the log where the kernel refuses.
std::function<void(bool)> bulk_switch();

/// The behaviour of an actor, on a thread that works in bulk.
template <class Made, class Pointer, class Config>
auto in_bulk(Made (*behavior)(Pointer, Config)) {
  return [behavior](Pointer self, Config with) -> Made {
    work_in_bulk();
    return behavior(self, std::move(with));
  };
}

} // namespace acgs::node
