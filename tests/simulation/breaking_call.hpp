// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lives that are broken off at one call after the other on the files of a
// folder: by a kill, or by a disk that fails.

#include "tests/simulation/child_process.hpp"
#include "tests/support/faults/disk_calls.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace acgs::test {

enum class fault { none, killed_before, killed_after, eio, enospc, halved };

/// Breaks the call of that number among those on files of a folder, and counts
/// them; halves only those that write.
class breaking_call final : public faults::observer {
public:
  breaking_call(std::string folder, fault how, std::uint64_t at,
                std::uint64_t& counted);

  faults::outcome before(const faults::disk_call& what) override;
  void after(const faults::disk_call& what, long) override;

private:
  std::string folder_;
  fault how_;
  std::uint64_t at_;
  std::uint64_t& counted_;
  bool chosen_ = false;
};

/// What is wrong with how a life ended in which the call was broken so.
std::string check_broken(fault how, const ending& of, const shared_book& book);

/// A life that is broken off as told at that call, none where 0: what was wrong
/// afterwards.
using broken_life = std::function<std::string(fault, std::uint64_t)>;

/// Tries every fault at every call of a life, of which there must be so many;
/// `counted` says how many the last one had.
void break_at_every_call(const broken_life& run, const std::uint64_t& counted,
                         std::uint64_t calls_min, std::uint64_t writes_min);

} // namespace acgs::test
