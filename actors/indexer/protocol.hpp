// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// INDEXER's messages. INDEXER is the only writer of index/: it follows the log
// and writes, behind it, where entries are found by what they say.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"

#include <caf/typed_actor.hpp>

#include <cstdint>

namespace acgs::indexer {

/// The log has become longer. May be dropped: the next one makes up for it.
struct grown {
  std::uint64_t size = 0;
  using local_message = void;
};

} // namespace acgs::indexer

namespace acgs {

using indexer_actor = caf::typed_actor<
    /// Indexes what is new.
    caf::reacts_to<indexer::grown>,
    /// Facts: entries indexed, entries behind.
    caf::replies_to<probe>::with<probe_result>>;

namespace indexer {

/// Where INDEXER is found.
inline constexpr actor_key<indexer_actor> key{"indexer"};

} // namespace indexer

} // namespace acgs
