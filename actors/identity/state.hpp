// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// IDENTITY's core: who may have which token. No messaging, no I/O, no
// passwords; the clock and all randomness are handed in.
//
// A refresh token is "acgs-refresh." and 32 random bytes in base64url. It is
// not kept: its id is "r-" and the first 32 hexadecimal digits of its SHA-256.

#include "actors/identity/protocol.hpp"
#include "runtime/auth/token.hpp"

#include <string>
#include <string_view>

namespace acgs::identity {

/// The longest life of an access token that an admin issues.
inline constexpr std::chrono::hours access_lifetime_max{24};

inline constexpr std::size_t password_bytes_min = 12;

/// Agent and viewer stand side by side, the others each above.
bool is_above(domain::role one, domain::role other);

/// A new refresh token out of random bytes.
std::string make_refresh_token(byte_view random);

/// The id of a refresh token, or empty where the text cannot be one.
std::string refresh_id_of(std::string_view token);

/// What a refresh token is worth.
enum class refresh_verdict : std::uint8_t {
  good,
  unknown, ///< never issued, expired, or not a refresh token
  reused,  ///< used up or revoked; its family still has good tokens
  dead,    ///< the same, and nothing is left to be revoked
};

struct refresh_check {
  refresh_verdict verdict = refresh_verdict::unknown;
  std::string id;
  domain::token token; ///< as it was issued
};

/// Looks a refresh token up. A user who was revoked makes it `dead`.
refresh_check check_refresh(const domain::control_state& in,
                            std::string_view token, wall_time now);

/// What is to be issued: access token and, for log-ins, refresh token.
struct grant {
  auth::claims access;
  std::string refresh_token;
  wall_time refresh_expires;
  std::string replaces; ///< id of the refresh token that is used up
};

struct lifetimes {
  std::chrono::nanoseconds access;
  std::chrono::nanoseconds refresh;
};

/// A pair for a user. `family` continues a log-in, or is new.
grant make_grant(const std::string& name, const domain::user& user,
                 const std::string& family, const std::string& access_id,
                 byte_view random, const lifetimes& lives, wall_time now);

/// The claims that an admin asks for. Fails as `identity::issue` says.
result<auth::claims> claims_for(const issue& what,
                                const domain::control_state& in,
                                const std::string& token_id,
                                std::chrono::nanoseconds standard,
                                wall_time now);

/// Fails where the caller may not revoke the token (`forbidden`), or there is
/// none (`not_found`).
caf::error may_revoke(const revoke& what, const domain::control_state& in);

/// Fails where the caller may not put the user, or the password will not do.
/// The sentence never holds the password.
caf::error may_put(const put_user& what, const domain::control_state& in);

/// Bodies of commands to CONTROL (runtime/domain/command.hpp).
std::string body_of(const grant& what);
std::string body_of(const auth::claims& what);
std::string body_of(const put_user& what, const std::string& password_hash);

} // namespace acgs::identity
