// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What registers hold along a walk through code, and what they held at any
// time before: a log of changes, so that the states of two places are compared
// by what changed between them and not by all registers. Owned by a verifier.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "machine/op_shape.hpp"

namespace rego {

class register_history {
public:
  /// A new frame: nothing is in any register.
  void start(size_t registers) {
    for (auto& c : log_) {
      now_[c.where] = held::unusable;
      last_[c.where] = 0;
    }
    log_.clear();
    if (now_.size() < registers) {
      now_.resize(registers, held::unusable);
      last_.resize(registers, 0);
    }
  }

  held now(size_t r) const { return now_[r]; }

  void set(size_t r, held k) {
    if (now_[r] == k)
      return;
    log_.push_back({static_cast<uint32_t>(r), last_[r], now_[r]});
    last_[r] = static_cast<uint32_t>(log_.size());
    now_[r] = k;
  }

  /// Counts changes.
  uint32_t time() const { return static_cast<uint32_t>(log_.size()); }
  /// The register that the change at a time was of.
  uint32_t changed(uint32_t time) const { return log_[time].where; }

  /// What the register held at a time.
  held at(size_t r, uint32_t time) {
    auto k = now_[r];
    for (auto c = last_[r]; c > time; c = log_[c - 1].before) {
      k = log_[c - 1].was;
      ++work;
    }
    return k;
  }

  uint64_t work = 0; // steps taken, for whoever bounds them

private:
  struct change {
    uint32_t where;
    uint32_t before; // the register's change before, plus one; 0: none
    held was;
  };
  std::vector<held> now_;
  std::vector<uint32_t> last_; // the latest change of each, plus one
  std::vector<change> log_;
};

} // namespace rego
