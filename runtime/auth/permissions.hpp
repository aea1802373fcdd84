// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who may do what: one table, asked by both gateways before each call. Beside
// it, each verb for which `asks_admin_policy` holds is also put to the policy
// `acgs.admin.allow`, and recorded.

#include "runtime/base/error.hpp"
#include "runtime/domain/identity.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace acgs::auth {

/// What somebody wants to do.
enum class verb : std::uint8_t {
  decide,            ///< ask for the decision about an action
  health,            ///< health, readiness, version
  info,              ///< node, constitution, modes
  metrics,           ///< figures, as Prometheus and as JSON
  read_own_entries,  ///< the entries that one caused oneself, their receipts
  read_ledger,       ///< any entry, statistics, tiles
  read_checkpoint,   ///< signed checkpoints and public keys
  verify_ledger,     ///< have the whole log checked
  read_payloads,     ///< what entries only commit to
  record_event,      ///< hand in an event of one's own
  record_outcome,    ///< report what became of a decision
  shred,             ///< destroy what an entry only commits to
  replay,            ///< have recorded decisions made again
  read_policies,     ///< list and show
  write_policies,    ///< put and delete
  read_data,         ///< documents that policies decide by or make
  write_data,        ///< put, patch and delete
  query,             ///< ad-hoc queries and partial evaluation
  read_cache,        ///< statistics of the decision cache
  manage_cache,      ///< clear and warm
  manage_modes,      ///< strict mode and lockdown
  read_identities,   ///< users and tokens, never their secrets
  manage_identities, ///< add and revoke users, issue and revoke tokens
  read_actors,       ///< the live tree, breakers
  manage_actors,     ///< restart an actor, trip and reset a breaker
  manage_logs,       ///< log level
  manage_limits,     ///< rate limits
  back_up,           ///< take a backup of all that is stored
  manage_keys,       ///< rotate and revoke signing keys
  archive,           ///< move old entries to an archive
};

inline constexpr std::array<std::string_view, 30> verb_names{
    "decide",
    "health",
    "info",
    "metrics",
    "read_own_entries",
    "read_ledger",
    "read_checkpoint",
    "verify_ledger",
    "read_payloads",
    "record_event",
    "record_outcome",
    "shred",
    "replay",
    "read_policies",
    "write_policies",
    "read_data",
    "write_data",
    "query",
    "read_cache",
    "manage_cache",
    "manage_modes",
    "read_identities",
    "manage_identities",
    "read_actors",
    "manage_actors",
    "manage_logs",
    "manage_limits",
    "back_up",
    "manage_keys",
    "archive"};
static_assert(verb_names.size() == static_cast<std::size_t>(verb::archive) + 1);

constexpr std::string_view to_string_view(verb value) {
  return verb_names[static_cast<std::size_t>(value)];
}

/// Whether the role's rights hold the verb.
bool may(domain::role who, verb what);

/// Nothing where the caller may; else `forbidden`, naming the roles that may.
caf::error authorise(const domain::identity_view& who, verb what);

/// The same while lockdown is on: health, metrics and reading the ledger go
/// on, and what the role admin may do; all else is `forbidden`.
caf::error authorise_in_lockdown(const domain::identity_view& who, verb what);

/// Whether the verb changes the node, so that the policy `acgs.admin.allow` is
/// asked too and an entry of the kind `access` is written.
bool asks_admin_policy(verb what);

} // namespace acgs::auth
