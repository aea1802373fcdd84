// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The work of one compilation, counted in steps, so that no text keeps a thread
// for long: passes spend what they visit, terms what they copy. The count hangs
// on the texts alone, hence so does whether it is too much. One bound is in
// force on a thread at a time; without one nothing is counted.

#include <atomic>
#include <cstdint>
#include <string>

namespace rego {

/// Thrown by `spend`; compile() and prepare() make an error of it.
struct work_exceeded {
  bool cancelled = false;
};

/// In force from its making to its end, in place of the one before.
class work_bound {
public:
  work_bound(uint64_t steps, const std::atomic<bool>* cancel)
      : left_(steps), cancel_(cancel), outer_(current) {
    current = this;
  }
  ~work_bound() { current = outer_; }
  work_bound(const work_bound&) = delete;
  work_bound& operator=(const work_bound&) = delete;

  void take(uint64_t steps) {
    if (steps > left_)
      throw work_exceeded{};
    left_ -= steps;
    asked_ += steps;
    if (asked_ < asked_each)
      return;
    asked_ = 0;
    if (cancel_ && cancel_->load(std::memory_order_relaxed))
      throw work_exceeded{true};
  }

  uint64_t left() const { return left_; }
  static work_bound* in_force() { return current; }

private:
  static constexpr uint64_t asked_each = 1 << 16; // steps from look to look
  inline static thread_local work_bound* current = nullptr;

  uint64_t left_;
  uint64_t asked_ = 0;
  const std::atomic<bool>* cancel_;
  work_bound* outer_;
};

/// Throws work_exceeded where the bound in force is reached.
inline void spend(uint64_t steps = 1) {
  if (auto* bound = work_bound::in_force())
    bound->take(steps);
}

/// A member of what is dear to copy: makes each copy cost `Steps`.
template <uint64_t Steps>
struct copy_costs {
  copy_costs() = default;
  copy_costs(const copy_costs&) { spend(Steps); }
  copy_costs& operator=(const copy_costs&) {
    spend(Steps);
    return *this;
  }
  copy_costs(copy_costs&&) noexcept = default;
  copy_costs& operator=(copy_costs&&) noexcept = default;
  ~copy_costs() = default;
};

} // namespace rego
