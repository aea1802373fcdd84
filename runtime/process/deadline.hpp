// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A bound on something that may never end, such as the end of a process one of
// whose threads hangs. Watched by a thread of its own, which needs nothing of
// what it watches.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace acgs::process {

class deadline {
public:
  /// Calls `expired` after that time, unless this was destroyed before.
  deadline(std::chrono::nanoseconds within, std::function<void()> expired);

  /// Met: `expired` is not called any more. Where it has begun already, this
  /// waits for its end.
  ~deadline();

  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool met_ = false;
  std::thread watch_;
};

} // namespace acgs::process
