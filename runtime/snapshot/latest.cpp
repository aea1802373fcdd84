// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/snapshot/latest.hpp"

#include <utility>

namespace acgs {

void latest_snapshot::activate(snapshot_ptr next) {
  std::lock_guard guard{mutex_};
  if (now_ && next->revision() < now_->revision())
    return;
  lockdown_ = next->lockdown();
  // What was active goes when no lock is held: it may be its last owner.
  std::swap(now_, next);
}

snapshot_ptr latest_snapshot::get() const {
  std::lock_guard guard{mutex_};
  return now_;
}

snapshot_ptr latest_snapshot::locked_since(const snapshot& begun) const {
  if (!lockdown_ || begun.lockdown())
    return nullptr;
  return get();
}

} // namespace acgs
