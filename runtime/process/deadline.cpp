// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/deadline.hpp"

#include <utility>

namespace acgs::process {

deadline::deadline(std::chrono::nanoseconds within,
                   std::function<void()> expired)
    : watch_{[this, within, expired = std::move(expired)] {
        std::unique_lock guard{mutex_};
        if (changed_.wait_for(guard, within, [this] { return met_; }))
          return;
        guard.unlock();
        expired();
      }} {
  // The thread waits.
}

deadline::~deadline() {
  {
    std::lock_guard guard{mutex_};
    met_ = true;
  }
  changed_.notify_one();
  watch_.join();
}

} // namespace acgs::process
