// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/breaker/window.hpp"

#include <algorithm>
#include <chrono>

namespace acgs::breaker {

namespace {

std::int64_t second_of(steady_time now) {
  return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch())
      .count();
}

} // namespace

window::window(window_type type, std::size_t size)
    : type_{type}, cells_(std::max<std::size_t>(size, 1)) {
  // Empty cells count as no calls.
}

void window::drop(totals& cell) {
  sum_.calls -= cell.calls;
  sum_.failed -= cell.failed;
  sum_.slow -= cell.slow;
  cell = {};
}

void window::forget(steady_time now) {
  auto second = second_of(now);
  auto size = static_cast<std::int64_t>(cells_.size());
  // Seconds that passed leave the window from its far end; after a pause of a
  // whole window, each cell is visited once.
  for (auto s = std::max(second_ + 1, second - size + 1); s <= second; ++s)
    drop(cells_[static_cast<std::size_t>(s % size)]);
  second_ = std::max(second_, second);
}

void window::record(bool failed, bool slow, steady_time now) {
  std::size_t index = next_;
  if (type_ == window_type::count) {
    drop(cells_[index]);
    next_ = (next_ + 1) % cells_.size();
  } else {
    forget(now);
    index = static_cast<std::size_t>(
        second_ % static_cast<std::int64_t>(cells_.size()));
  }
  auto add = [&](totals& to) {
    ++to.calls;
    to.failed += failed;
    to.slow += slow;
  };
  add(cells_[index]);
  add(sum_);
}

totals window::at(steady_time now) {
  if (type_ == window_type::time)
    forget(now);
  return sum_;
}

void window::clear() {
  std::fill(cells_.begin(), cells_.end(), totals{});
  sum_ = {};
  next_ = 0;
}

} // namespace acgs::breaker
