// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What came of recorded decisions that were made again: REPLAYER's answer, as
// the gateway and the clients have it.

#include "runtime/domain/decision.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace acgs::domain {

/// A policy that stands in for those of its package.
struct replay_module {
  std::string name;
  std::string text;
};

/// A decision that came out otherwise; long texts are cut.
struct replay_difference {
  std::uint64_t index = 0;
  std::int64_t time_nanos = 0;
  std::string decision_id;
  std::string path;
  std::string agent;
  verdict before = verdict::none;
  verdict after = verdict::none;
  std::string text_before; ///< result or error, as recorded
  std::string text_after;
};

/// A decision that could not be made again, and why.
struct replay_skip {
  std::uint64_t index = 0;
  std::string why;
};

struct replayed {
  std::uint64_t next = 0;      ///< entry to go on with; `end`: there is no more
  std::uint64_t end = 0;       ///< one beyond the last that was asked for
  std::uint64_t archived = 0;  ///< entries before this cannot be read here
  std::uint64_t unread = 0;    ///< nor so many others, see `skips`
  std::uint64_t decisions = 0; ///< made again
  std::uint64_t same = 0;      ///< to the byte
  std::uint64_t reworded = 0;  ///< the same verdict in other words
  std::uint64_t changed = 0;   ///< another verdict
  std::uint64_t shredded = 0;  ///< not made again: their input is gone
  std::uint64_t unknown = 0;   ///< nor these, see `skips`
  /// How often which verdict became which other: [before * 6 + after].
  std::array<std::uint64_t, 36> turns{};
  std::vector<replay_difference> differences; ///< reworded and changed
  std::vector<replay_skip> skips;

  /// Adds the counts of another part of the log, and no more.
  void count(const replayed& part) {
    unread += part.unread;
    decisions += part.decisions;
    same += part.same;
    reworded += part.reworded;
    changed += part.changed;
    shredded += part.shredded;
    unknown += part.unknown;
    for (std::size_t i = 0; i < turns.size(); ++i)
      turns[i] += part.turns[i];
  }
};

} // namespace acgs::domain
