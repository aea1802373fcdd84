// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is left of the bounds of one partial evaluation. Throws bound_reached
// where nothing is, which ends all of it.

#include <algorithm>
#include <chrono>
#include <utility>

#include "rego/partial.hpp"

namespace rego {

class budget {
public:
  explicit budget(const partial_options& o) : options_(o), start_(now()) {}

  /// What the next evaluation may take.
  limits next() const {
    auto out = options_.bounds;
    out.instructions = std::min(out.instructions, instructions_left());
    out.wall = std::min(out.wall, time_left());
    out.memory_bytes = std::min(out.memory_bytes, options_.total.memory_bytes);
    out.output_bytes = std::min(out.output_bytes, options_.text_bytes_max);
    return out;
  }

  /// Whether an evaluation that ended at this bound ends everything: it was
  /// not stopped by what it alone may take.
  bool ends_all(bound reached) const {
    switch (reached) {
    case bound::instructions:
      return instructions_left() <= options_.bounds.instructions;
    case bound::time:
      return time_left() <= options_.bounds.wall;
    case bound::memory:
      return options_.total.memory_bytes <= options_.bounds.memory_bytes;
    default:
      return reached == bound::cancelled;
    }
  }

  /// Spends what an evaluation took, or the price of a step.
  void spend(uint64_t instructions) {
    spent_ += instructions;
    if (options_.cancel && options_.cancel->load(std::memory_order_relaxed))
      throw bound_reached{bound::cancelled};
    if (instructions_left() == 0)
      throw bound_reached{bound::instructions};
    if (time_left() <= std::chrono::nanoseconds::zero())
      throw bound_reached{bound::time};
  }

  /// Spends steps of a walk over terms or values, at times.
  void walk(uint64_t steps) {
    walked_ += steps;
    if (walked_ >= walked_each)
      spend(std::exchange(walked_, 0));
  }

  /// Text of the residual.
  void write(size_t bytes) {
    written_ += bytes;
    if (written_ > options_.text_bytes_max)
      throw bound_reached{bound::memory};
  }

  /// Memory of what is told.
  void keep(size_t bytes) {
    kept_ += bytes;
    if (kept_ > options_.total.memory_bytes)
      throw bound_reached{bound::memory};
  }

  /// The price of a step: about what it takes beside evaluations.
  static constexpr uint64_t step = 1000;

private:
  static constexpr uint64_t walked_each = 1 << 10;

  int64_t now() const {
    if (options_.world.monotonic_ns)
      return options_.world.monotonic_ns();
    return std::chrono::steady_clock::now().time_since_epoch().count();
  }
  uint64_t instructions_left() const {
    auto all = options_.total.instructions;
    return all - std::min(all, spent_);
  }
  std::chrono::nanoseconds time_left() const {
    if (options_.total.wall == std::chrono::nanoseconds::max())
      return options_.total.wall;
    return options_.total.wall - std::chrono::nanoseconds(now() - start_);
  }

  const partial_options& options_;
  int64_t start_;
  uint64_t spent_ = 0;
  uint64_t walked_ = 0;
  size_t written_ = 0;
  size_t kept_ = 0;
};

} // namespace rego
