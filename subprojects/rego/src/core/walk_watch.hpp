// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bounds for walks over values below the machine, which know nothing of it: a
// small value may stand for exponentially many parts. While an evaluation runs
// on this thread its machine listens here; the call may throw to end it.

#include <cstdint>

namespace rego {

struct walk_watch {
  void* who = nullptr;
  void (*tick)(void* who, uint64_t work) = nullptr;
};

inline thread_local walk_watch current_walk_watch;

/// Tells whoever listens on this thread of some work.
inline void watch_walk(uint64_t work) {
  if (auto& w = current_walk_watch; w.tick)
    w.tick(w.who, work);
}

/// Listens for as long as it lives.
class walk_watching {
public:
  explicit walk_watching(walk_watch w) : before_(current_walk_watch) {
    current_walk_watch = w;
  }
  ~walk_watching() { current_walk_watch = before_; }
  walk_watching(const walk_watching&) = delete;
  walk_watching& operator=(const walk_watching&) = delete;

private:
  walk_watch before_;
};

} // namespace rego
