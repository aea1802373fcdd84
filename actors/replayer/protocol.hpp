// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// REPLAYER's messages: recorded decisions made again from what the ledger
// holds of them, a part of the log at a time. Whoever wants more asks again
// from where the answer says.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/domain/replay.hpp"

#include <caf/typed_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace acgs::replayer {

using module = domain::replay_module;
using difference = domain::replay_difference;
using skipped = domain::replay_skip;

/// Which decisions, and under which policy.
struct replay {
  std::int64_t from_nanos = 0;     ///< inclusive; 0: open
  std::int64_t to_nanos = 0;       ///< exclusive; 0: open
  std::string path;                ///< as a query's; empty: any
  std::string agent;               ///< empty: any
  std::uint64_t first = 0;         ///< the entry to begin with
  std::uint64_t last = ~0ull;      ///< and to end with
  std::uint32_t entries_max = 0;   ///< looked at for one answer; 0: 16,384
  std::uint64_t decisions_max = 0; ///< made again; 0: no bound
  std::uint32_t examples_max = 20; ///< of each list in the answer
  std::vector<module> candidate;   ///< empty: the policy of the time
  using local_message = void;
};

/// Texts of differences are cut at this.
inline constexpr std::size_t shown_bytes_max = 2000;

struct replayed : domain::replayed {
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
