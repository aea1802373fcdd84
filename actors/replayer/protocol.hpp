// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// REPLAYER's messages: recorded decisions made again from what the ledger
// holds of them, a part of the log at a time. Whoever wants more asks again
// from where the answer says.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/domain/decision.hpp"

#include <caf/typed_actor.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace acgs::replayer {

/// A policy that stands in for those of its package.
struct module {
  std::string name;
  std::string text;
};

/// Which decisions, and under which policy.
struct replay {
  std::int64_t from_nanos = 0;     ///< inclusive; 0: open
  std::int64_t to_nanos = 0;       ///< exclusive; 0: open
  std::string path;                ///< empty: any
  std::string agent;               ///< empty: any
  std::uint64_t first = 0;         ///< the entry to begin with
  std::uint64_t last = ~0ull;      ///< and to end with
  std::uint32_t entries_max = 0;   ///< looked at for one answer; 0: 16,384
  std::uint64_t decisions_max = 0; ///< made again; 0: no bound
  std::uint32_t examples_max = 20; ///< of each list in the answer
  std::vector<module> candidate;   ///< empty: the policy of the time
  using local_message = void;
};

/// A decision that came out otherwise. Texts are cut at `shown_bytes_max`.
struct difference {
  std::uint64_t index = 0;
  std::int64_t time_nanos = 0;
  std::string decision_id;
  std::string path;
  std::string agent;
  domain::verdict before = domain::verdict::none;
  domain::verdict after = domain::verdict::none;
  std::string text_before; ///< result or error, as recorded
  std::string text_after;
};

/// A decision that could not be made again, and why.
struct skipped {
  std::uint64_t index = 0;
  std::string why;
};

inline constexpr std::size_t shown_bytes_max = 2000;

struct replayed {
  std::uint64_t next = 0;      ///< entry to go on with; `end`: there is no more
  std::uint64_t end = 0;       ///< one beyond the last that was asked for
  std::uint64_t decisions = 0; ///< made again
  std::uint64_t same = 0;      ///< to the byte
  std::uint64_t reworded = 0;  ///< the same verdict in other words
  std::uint64_t changed = 0;   ///< another verdict
  std::uint64_t shredded = 0;  ///< not made again: their input is gone
  std::uint64_t unknown = 0;   ///< nor these, see `skips`
  /// How often which verdict became which other: [before * 6 + after].
  std::array<std::uint64_t, 36> turns{};
  std::vector<difference> differences; ///< reworded and changed
  std::vector<skipped> skips;
  using local_message = void;
};

} // namespace acgs::replayer

namespace acgs {

/// Errors: `invalid_argument`, `policy_invalid` (the candidate does not
/// compile), `overloaded`, `store_corrupt`.
using replayer_actor = caf::typed_actor<
    /// Makes decisions again.
    caf::replies_to<replayer::replay>::with<replayer::replayed>>;

namespace replayer {

/// Where REPLAYER is found.
inline constexpr actor_key<replayer_actor> key{"replayer"};

} // namespace replayer

} // namespace acgs
