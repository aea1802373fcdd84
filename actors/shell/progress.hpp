// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far long work is, for a person who waits: a line every two seconds.

#include "actors/shell/output.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace acgs::shell {

class progress {
public:
  /// "verified 1000 of 5000 entries" with `verb` "verified".
  progress(output& to, std::string verb, std::uint64_t total)
      : to_{to}, verb_{std::move(verb)}, total_{total} {}

  /// Says so where it is time to.
  void at(std::uint64_t done, std::uint64_t total) {
    total_ = total;
    at(done);
  }
  void at(std::uint64_t done) {
    auto now = std::chrono::steady_clock::now();
    if (now - said_ < std::chrono::seconds{2})
      return;
    said_ = now;
    to_.progress(verb_ + ' ' + std::to_string(done) + " of "
                 + std::to_string(total_) + " entries");
  }

private:
  output& to_;
  std::string verb_;
  std::uint64_t total_;
  std::chrono::steady_clock::time_point said_ =
      std::chrono::steady_clock::now();
};

} // namespace acgs::shell
