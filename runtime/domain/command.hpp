// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One change of control state, as a view (see decision.hpp). CONTROL orders
// commands, keeps them for ever, and applies each with one pure function: the
// same commands give the same state on every node. So whatever a command
// needs from outside (time, ids, password hashes) is in it already.

#include "runtime/base/bytes.hpp"
#include "runtime/domain/identity.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace acgs::domain {

/// Append only: the numbers are stored. `name` and `body` hold, in turn:
enum class command_kind : std::uint8_t {
  put_policy,       ///< policy id; Rego text
  delete_policy,    ///< policy id; -
  put_data,         ///< data path, "a/b"; JSON text
  patch_data,       ///< data path; JSON Patch (RFC 6902), pointers below it
  delete_data,      ///< data path; -
  set_constitution, ///< digest in hex; JSON object of path to Rego text
  set_strict_mode,  ///< "on" or "off"; -
  set_lockdown,     ///< "on" or "off"; -
  put_user,         ///< user name; JSON {role, tenant?, password_hash?}
  revoke_user,      ///< user name; - (revokes the user's tokens too)
  issue_token,      ///< token id; JSON {subject, role, tenant?, kind,
                    ///< expires_nanos, family?, replaces?, access_id?,
                    ///< access_expires_nanos?}
  revoke_token,     ///< token id, or a family of tokens; -
  set_limit,        ///< "role:NAME" or a subject; JSON {requests_per_second,
                    ///< burst}, or null to lift it
  key_event,        ///< key name; JSON {purpose, event, verifier_key,
                    ///< replaces?, statement?}
  set_log_level,    ///< -; level
  put_candidate,    ///< name; JSON {share, modules: {policy id: Rego text}}
  drop_candidate,   ///< name; -
  put_bundle,       ///< bundle's name; JSON {digest}, of an archive that lies
                    ///< on the desk (archive_desk.hpp); CONTROL adds what it
                    ///< found: {digest, signed_by, bytes}
  activate_bundle,  ///< bundle's name; JSON {digests}: a snapshot and deltas
                    ///< after it, or deltas on what is active; none: no more
  set_aliases,      ///< -; JSON object of digest to name, both in hex: what
                    ///< constitutions are called from now on
};
// A data path has its steps joined by '/'; inside a step "~1" stands for a
// slash and "~0" for a tilde. An empty path is the root. What each kind checks
// is in actors/control/apply.hpp.

inline constexpr std::array<std::string_view, 20> command_kind_names{
    "put_policy",     "delete_policy",    "put_data",        "patch_data",
    "delete_data",    "set_constitution", "set_strict_mode", "set_lockdown",
    "put_user",       "revoke_user",      "issue_token",     "revoke_token",
    "set_limit",      "key_event",        "set_log_level",   "put_candidate",
    "drop_candidate", "put_bundle",       "activate_bundle", "set_aliases"};
static_assert(command_kind_names.size()
              == static_cast<std::size_t>(command_kind::set_aliases) + 1);

constexpr std::string_view to_string_view(command_kind value) {
  return command_kind_names[static_cast<std::size_t>(value)];
}

struct command {
  command_kind kind = command_kind::put_policy;
  std::string_view name;
  std::string_view body;
  std::string_view reason; ///< the person's, shown in the history
  std::string_view request_id;
  std::int64_t time_nanos = 0;         ///< wall clock, when it was accepted
  std::uint64_t expected_revision = 0; ///< 0: any; else must be the present
  identity_view caller;
  /// Random, so that the command's digest, which the log tells everybody, tells
  /// nothing of the rest. Earlier versions had none.
  byte_view salt;
};

} // namespace acgs::domain
