// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a built-in function builds beside the arena, such as the syntax tree of
// a text, takes its bytes from the arena's room, so that one limit holds for
// both. Those who build know nothing of evaluations: they tell of what they
// make, and whoever listens on this thread counts it. Without one nothing is
// counted.

#include <algorithm>
#include <cstddef>

#include "rego/arena.hpp"

namespace rego {

/// Counts what is built on this thread, for as long as it lives.
class outside_memory {
public:
  explicit outside_memory(arena& of) : of_(of), outer_(current) {
    current = this;
  }
  ~outside_memory() {
    of_.release(taken_);
    current = outer_;
  }
  outside_memory(const outside_memory&) = delete;
  outside_memory& operator=(const outside_memory&) = delete;

  void take(size_t bytes) {
    of_.hold(bytes);
    taken_ += bytes;
  }
  void give(size_t bytes) {
    bytes = std::min(bytes, taken_);
    of_.release(bytes);
    taken_ -= bytes;
  }
  static outside_memory* in_force() { return current; }

private:
  inline static thread_local outside_memory* current = nullptr;

  arena& of_;
  outside_memory* outer_;
  size_t taken_ = 0;
};

/// Before something of so many bytes is made; throws memory_exceeded where
/// there is no room for it.
inline void take_memory(size_t bytes) {
  if (auto* counting = outside_memory::in_force())
    counting->take(bytes);
}

/// Something of so many bytes is gone.
inline void give_memory(size_t bytes) {
  if (auto* counting = outside_memory::in_force())
    counting->give(bytes);
}

} // namespace rego
