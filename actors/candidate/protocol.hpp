// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CANDIDATE's messages. Once an answer has left, a gateway hands on what was
// asked and decided; CANDIDATE has it evaluated by the policies that somebody
// wants to try, and has LEDGER record what they would have said. Nobody waits
// for any of it.

#include "actors/control/protocol.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"
#include "runtime/wire/decision.hpp"

#include <caf/typed_actor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace acgs::candidate {

/// A decision that was released, what was asked, and what its evaluation saw
/// of the world (null: nothing).
struct decided {
  wire::decide_request request;
  wire::decision decision;
  std::shared_ptr<const std::string> recorded = {};
  using local_message = void;
};

/// Whether this decision is among the share that is tried: by its id, so that
/// every node and every replay chooses the same.
constexpr bool is_chosen(std::string_view decision_id, double share) {
  std::uint64_t hash = 14695981039346656037u; // FNV-1a
  for (char c : decision_id)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return static_cast<double>(hash >> 11) < share * 9007199254740992.0; // 2^53
}

} // namespace acgs::candidate

namespace acgs {

using candidate_actor = caf::typed_actor<
    /// From a gateway, after the answer. Beyond the bound it is dropped and
    /// counted.
    caf::reacts_to<candidate::decided>,
    /// From CONTROL: the new state, with the candidate compiled.
    caf::reacts_to<control::published>,
    /// Facts: the candidate's name, what waits, what was dropped.
    caf::replies_to<probe>::with<probe_result>>;

namespace candidate {

/// Where CANDIDATE is found.
inline constexpr actor_key<candidate_actor> key{"candidate"};

} // namespace candidate

} // namespace acgs
