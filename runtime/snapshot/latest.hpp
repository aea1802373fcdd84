// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The snapshot that counts now. CONTROL shows it before it answers whoever
// changed something, and decisions that began by an earlier one see by it
// whether a lockdown has come meanwhile. Any thread.

#include "runtime/snapshot/snapshot.hpp"

#include <atomic>
#include <mutex>

namespace acgs {

class latest_snapshot {
public:
  /// From now on this one; an older revision is passed over.
  void activate(snapshot_ptr next);

  /// Null before the first one.
  snapshot_ptr get() const;

  /// The one that counts now where a lockdown has come since `begun` counted:
  /// nothing is allowed by that any more. Else null.
  snapshot_ptr locked_since(const snapshot& begun) const;

private:
  mutable std::mutex mutex_; ///< guards the pointer
  snapshot_ptr now_;
  std::atomic<bool> lockdown_{false}; ///< spares decisions the lock
};

} // namespace acgs
