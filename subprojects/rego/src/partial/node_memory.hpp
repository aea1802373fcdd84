// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the terms of a partial evaluation take beside its arena: a few of them
// that share their parts may stand for exponentially many.

#include <algorithm>
#include <cstddef>

#include "rego/error.hpp"

namespace rego::partial {

/// Counts what is made on this thread for as long as it lives. What was made
/// before and goes meanwhile is counted too, so that less may seem to be there.
class node_memory {
public:
  explicit node_memory(size_t bytes_max) : bytes_max_(bytes_max) {
    current_ = this;
  }
  ~node_memory() { current_ = nullptr; }
  node_memory(const node_memory&) = delete;
  node_memory& operator=(const node_memory&) = delete;

  /// Throws bound_reached where there would be more than may be.
  static void made(size_t bytes) {
    if (!current_)
      return;
    current_->bytes_ += bytes;
    if (current_->bytes_ > current_->bytes_max_)
      throw bound_reached{bound::memory};
  }
  static void gone(size_t bytes) noexcept {
    if (current_)
      current_->bytes_ -= std::min(bytes, current_->bytes_);
  }

  /// What is made meanwhile is gone at the end: syntax trees for one use.
  class passing {
  public:
    passing() : outermost_(current_ && !current_->passing_) {
      if (!outermost_)
        return;
      current_->passing_ = true;
      before_ = current_->bytes_;
    }
    ~passing() {
      if (!outermost_)
        return;
      current_->passing_ = false;
      current_->bytes_ = before_;
    }
    passing(const passing&) = delete;
    passing& operator=(const passing&) = delete;

  private:
    bool outermost_;
    size_t before_ = 0;
  };

private:
  static inline thread_local node_memory* current_ = nullptr;

  size_t bytes_max_;
  size_t bytes_ = 0;
  bool passing_ = false;
};

} // namespace rego::partial
