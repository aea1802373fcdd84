// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every node must agree on: the result of all commands so far. A value
// of this type never changes; large parts are shared between revisions.

#include "runtime/base/bytes.hpp"
#include "runtime/domain/identity.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace acgs::domain {

using shared_text = std::shared_ptr<const std::string>;

/// One policy put by a user, or one file of the constitution.
struct policy_module {
  shared_text text;
  std::uint64_t revision = 0; ///< of the command that put it
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

enum class token_kind : std::uint8_t { access, refresh, api_key };

/// A token that was issued; the token itself is not kept.
struct token {
  std::string subject;
  role role_ = role::agent;
  std::string tenant;
  token_kind kind = token_kind::access;
  std::string family; ///< of refresh tokens that rotated into one another
  std::int64_t issued_nanos = 0;
  std::int64_t expires_nanos = 0;
  bool revoked = false;
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

struct control_state {
  std::uint64_t revision = 0;   ///< commands applied so far
  std::int64_t time_nanos = 0;  ///< of the latest command
  digest constitution_digest{}; ///< see contract: sorted paths and digests
  std::map<std::string, policy_module> constitution; ///< by path
  std::map<std::string, policy_module> policies;     ///< by id
  shared_text data;                ///< JSON object, the base documents
  std::uint64_t data_revision = 0; ///< of the latest change of data
  std::map<std::string, user> users;
  std::map<std::string, token> tokens; ///< by id; expired ones are dropped
  std::map<std::string, rate_limit> limits;
  mode strict;
  mode lockdown;
};

using control_state_ptr = std::shared_ptr<const control_state>;

} // namespace acgs::domain
