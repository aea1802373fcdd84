// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// IDENTITY's messages: log-in, tokens and users. What costs time (Argon2id)
// runs on IDENTITY's own thread; checking a token is done by the gateways
// themselves, with `runtime/auth`.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/domain/control_state.hpp"
#include "runtime/domain/identity.hpp"

#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>

namespace acgs::identity {

/// Name and password of a user. Several failures in a row lock the name and the
/// address for a while; refusals are counted and recorded. The answer to a
/// wrong name and to a wrong password is the same, and takes as long.
struct login {
  std::string user;
  std::string password; ///< wiped by the receiver
  std::string address;
  std::string request_id;
  using local_message = void;
};

/// A new pair in exchange for a refresh token, which is used up by it. A
/// token that was used before revokes its whole family (RFC 9700, 4.14).
struct refresh {
  std::string refresh_token;
  std::string address;
  std::string request_id;
  using local_message = void;
};

struct token_pair {
  std::string access_token;
  std::string refresh_token;      ///< empty for tokens issued by an admin
  std::string token_id;           ///< of the access token
  std::int64_t expires_nanos = 0; ///< of the access token, wall clock
  domain::role role_ = domain::role::agent;
  using local_message = void;
};

/// A token made by an admin for somebody: an access token (at most a day) or an
/// API key (at most 366 days). Fails with `forbidden` where the role is above
/// the caller's, with `conflict` where the subject is a user of a lower role,
/// with `invalid_argument` where it is reserved: "anonymous", "role:...", and
/// "uid:..." and "cert:..." where there is no user of that name.
struct issue {
  std::string subject;
  domain::role role_ = domain::role::agent;
  std::string tenant;
  std::int64_t lifetime_nanos = 0; ///< 0: the configured one
  domain::token_kind kind = domain::token_kind::access;
  domain::identity caller;
  std::string request_id;
  using local_message = void;
};

/// Revokes a token, by its id, and all others of its log-in. Whoever is not
/// admin may revoke only tokens of the same subject.
struct revoke {
  std::string token_id;
  domain::identity caller;
  std::string request_id;
  using local_message = void;
};

/// Adds a user, or changes one. Without a password an existing user keeps the
/// present one; "uid:1000" and "cert:name" need none. A new password revokes
/// all tokens of the user. Fails with `forbidden` where either role is above
/// the caller's.
struct put_user {
  std::string name;
  std::string password; ///< at least 12 characters; wiped by the receiver
  domain::role role_ = domain::role::viewer;
  std::string tenant;
  domain::identity caller;
  std::string request_id;
  using local_message = void;
};

/// To be recorded: a gateway refused somebody's proof, and has counted it. Of
/// one address only so many a minute are recorded one by one; the next entry
/// says how many were left out.
struct refused {
  std::string subject; ///< as claimed
  std::string reason;
  std::string address;
  std::string request_id;
  using local_message = void;
};

} // namespace acgs::identity

namespace acgs {

/// Errors: `unauthenticated`, `rate_limited` (locked for a while),
/// `forbidden`, `invalid_argument`, `not_found`, and CONTROL's.
using identity_actor = caf::typed_actor<
    caf::replies_to<identity::login>::with<identity::token_pair>,
    caf::replies_to<identity::refresh>::with<identity::token_pair>,
    caf::replies_to<identity::issue>::with<identity::token_pair>,
    caf::replies_to<identity::revoke>::with<void>,
    caf::replies_to<identity::put_user>::with<void>,
    caf::reacts_to<identity::refused>>;

namespace identity {

/// Where IDENTITY is found.
inline constexpr actor_key<identity_actor> key{"identity"};

} // namespace identity

} // namespace acgs
