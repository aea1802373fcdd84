// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One entry of the ledger, as a view (see decision.hpp). Its stored form is
// `schemas/entry.capnp`, at most 65,535 bytes. No personal data stands in it:
// what may hold any goes beside it as a payload, under a commitment.

#include "runtime/base/bytes.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/domain/decision.hpp"
#include "runtime/domain/identity.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace acgs::domain {

/// What happened. Append only: the numbers are stored.
enum class entry_kind : std::uint8_t {
  decision,      ///< a policy was evaluated
  control,       ///< control state was changed by a command
  key,           ///< a signing key was made, rotated or revoked
  breaker,       ///< a circuit breaker changed its state
  restart,       ///< a supervisor restarted an actor
  start,         ///< the node started
  stop,          ///< the node stopped
  refused_login, ///< somebody's proof of identity was refused
  event,         ///< handed in by a client (`POST /audit/event`)
  outcome,       ///< what became of an earlier decision
  access,        ///< an admin verb was used, or refused
  shred,         ///< a payload's key was destroyed
  candidate,     ///< what a candidate would have said of a decision
  archive,       ///< older entries were moved to an archive
};

inline constexpr std::array<std::string_view, 14> entry_kind_names{
    "decision", "control", "key",           "breaker", "restart",
    "start",    "stop",    "refused_login", "event",   "outcome",
    "access",   "shred",   "candidate",     "archive"};
static_assert(entry_kind_names.size()
              == static_cast<std::size_t>(entry_kind::archive) + 1);

constexpr std::string_view to_string_view(entry_kind value) {
  return entry_kind_names[static_cast<std::size_t>(value)];
}

/// What a commitment covers.
enum class payload_kind : std::uint8_t { input, result, recorded, detail };

/// A salted commitment to a payload that is stored beside the log:
/// SHA-256(salt || payload), the salt lying encrypted with the payload.
struct commitment {
  payload_kind kind = payload_kind::input;
  digest value{};
};

struct entry {
  entry_kind kind = entry_kind::event;
  std::int64_t time_nanos = 0; ///< wall clock
  std::string_view node;
  std::string_view event_type; ///< finer than the kind, searched by users
  std::string_view request_id;
  std::string_view decision_id;
  std::string_view agent; ///< whom it is about
  std::string_view path;  ///< of the document; a query's text is sealed
  verdict outcome = verdict::none;
  identity_view caller; ///< who caused it
  byte_view policy_digest;
  byte_view data_digest;
  std::uint64_t revision = 0;   ///< of control state
  std::uint64_t raft_index = 0; ///< 0: not clustered
  std::int64_t duration_nanos = 0;
  std::string_view detail; ///< small JSON object without personal data
  std::vector<commitment> commitments;
};

} // namespace acgs::domain
