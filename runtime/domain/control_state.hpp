// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every node must agree on: the result of all commands so far. A value
// of this type never changes; large parts are shared between revisions.

#include "runtime/base/bytes.hpp"
#include "runtime/domain/constitution_names.hpp"
#include "runtime/domain/identity.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::domain {

using shared_text = std::shared_ptr<const std::string>;

/// One policy put by a user, or one file of the constitution.
struct policy_module {
  shared_text text;
  std::uint64_t revision = 0; ///< of the command that put it
  std::int64_t time_nanos = 0;
  std::string bundle = {}; ///< whose it is; empty: put by itself
  bool v0 = false;         ///< in the old version of Rego
};

/// Which archive, and of which bundle: the same one may be put under several
/// names.
struct archive_id {
  std::string digest; ///< hex
  std::string bundle; ///< the name it was put under

  auto operator<=>(const archive_id&) const = default;
};

/// A bundle's archive, kept under its digest in `state/`.
struct bundle_archive {
  std::string bundle_revision;    ///< as its manifest says
  std::vector<std::string> roots; ///< sorted
  bool is_delta = false;
  std::uint64_t bytes = 0;
  std::string signed_by;      ///< id of the key; empty: not signed
  std::uint64_t revision = 0; ///< of the command that put it
  std::int64_t time_nanos = 0;
};

/// A bundle whose policies and data are in force.
struct active_bundle {
  std::vector<std::string> digests; ///< hex: the snapshot, then its deltas
  std::string bundle_revision;      ///< of the last of them
  std::vector<std::string> roots;   ///< sorted
  std::uint64_t revision = 0;       ///< of the command that activated it
  std::int64_t time_nanos = 0;
};

/// Somebody who logs in with a password.
struct user {
  role role_ = role::agent;
  std::string tenant;
  std::string password_hash; ///< Argon2id in PHC form; never leaves CONTROL
                             ///< but to IDENTITY
  bool revoked = false;
  std::int64_t created_nanos = 0;
};

enum class token_kind : std::uint8_t {
  access,  ///< short-lived, sent with each call
  refresh, ///< good for one new pair
  api_key, ///< longer-lived, sent with each call
};

inline constexpr std::array<std::string_view, 3> token_kind_names{
    "access", "refresh", "api_key"};

constexpr std::string_view to_string_view(token_kind value) {
  return token_kind_names[static_cast<std::size_t>(value)];
}

/// A token that was issued; the token itself is not kept. A token that stands
/// here and is not revoked is good until it expires; any other is not.
struct token {
  std::string subject;
  role role_ = role::agent;
  std::string tenant;
  token_kind kind = token_kind::access;
  std::string family; ///< of the tokens that came from one log-in
  std::int64_t issued_nanos = 0;
  std::int64_t expires_nanos = 0;
  bool revoked = false; ///< or, of a refresh token, used up
};

/// A mode that a person switched on.
struct mode {
  bool on = false;
  std::string by;
  std::string reason;
  std::int64_t since_nanos = 0;
};

/// How fast callers of a role, or one subject, may call.
struct rate_limit {
  double requests_per_second = 0;
  double burst = 0;
};

/// The public part of a key that some node signs with, as SIGNER reported it.
struct key_record {
  std::string purpose;         ///< "checkpoint", "token", "bundle"
  std::string verifier_key;    ///< C2SP signed-note form
  bool active = true;          ///< signs; else it only verifies
  bool revoked = false;        ///< what it signed is not believed any more
  std::int64_t time_nanos = 0; ///< of the latest event
};

/// Policies that some decisions are put to as well, to see what they would
/// say; never enforced. They stand in place of the active ones of the same id
/// or beside them; "constitution/..." is a file of the constitution.
struct candidate {
  std::string name;
  double share = 1; ///< of the decisions, 0 to 1
  std::map<std::string, policy_module> modules;
  std::uint64_t revision = 0; ///< of the command that put it
  std::int64_t time_nanos = 0;
  std::string by;
};

struct control_state {
  std::uint64_t revision = 0;   ///< commands applied so far
  std::int64_t time_nanos = 0;  ///< of the latest command
  digest constitution_digest{}; ///< see contract: sorted paths and digests
  std::map<std::string, policy_module> constitution; ///< by path
  std::map<std::string, policy_module> policies;     ///< by id
  shared_text data;                ///< JSON object, the base documents
  std::uint64_t data_revision = 0; ///< of the latest change of data
  std::map<std::string, user> users;
  std::map<std::string, token> tokens;      ///< by id; expired ones are dropped
  std::map<std::string, rate_limit> limits; ///< by "role:NAME" or subject
  std::map<std::string, key_record> keys;   ///< by name
  std::string log_level;                    ///< empty: as configured
  mode strict;
  mode lockdown;
  std::shared_ptr<const candidate> trial; ///< null: none
  std::map<archive_id, bundle_archive> archives;
  std::map<std::string, active_bundle> bundles; ///< by name
  /// What constitutions are called, part of the history since policies see it;
  /// nothing before the first such command: as configured.
  std::optional<constitution_aliases> aliases;
};

using control_state_ptr = std::shared_ptr<const control_state>;

} // namespace acgs::domain
