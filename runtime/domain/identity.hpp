// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who asks: made by a gateway from what it verified itself, never from what
// the client says about itself.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acgs::domain {

/// What a caller may do; `config/constitution` and the gateways decide by it.
/// The order is that of rising rights, except that `agent` and `viewer` each
/// may something that the other may not.
enum class role : std::uint8_t { agent, viewer, analyst, operator_, admin };

inline constexpr std::array<std::string_view, 5> role_names{
    "agent", "viewer", "analyst", "operator", "admin"};
static_assert(role_names.size() == static_cast<std::size_t>(role::admin) + 1);

constexpr std::string_view to_string_view(role value) {
  return role_names[static_cast<std::size_t>(value)];
}

/// The role of that name, or nothing.
constexpr std::optional<role> parse_role(std::string_view name) {
  for (std::size_t i = 0; i < role_names.size(); ++i)
    if (role_names[i] == name)
      return static_cast<role>(i);
  return std::nullopt;
}

/// How the gateway came to know the caller.
enum class auth_method : std::uint8_t {
  anonymous,        ///< loopback without a token
  token,            ///< a signed token
  certificate,      ///< a client certificate of our CA
  peer_credentials, ///< the user id at the other end of a Unix socket
  internal,         ///< the node itself
};

inline constexpr std::array<std::string_view, 5> auth_method_names{
    "anonymous", "token", "certificate", "peer_credentials", "internal"};
static_assert(auth_method_names.size()
              == static_cast<std::size_t>(auth_method::internal) + 1);

constexpr std::string_view to_string_view(auth_method value) {
  return auth_method_names[static_cast<std::size_t>(value)];
}

/// One caller, as the gateway verified it.
struct identity {
  std::string subject; ///< "alice", "uid:1000", "cert:node-2", "anonymous"
  role role_ = role::agent;
  std::string tenant; ///< empty: the default tenant
  auth_method method = auth_method::anonymous;
  std::string token_id; ///< of the token used, for revocation; else empty
  std::string address;  ///< where the call came from, "127.0.0.1" or "unix"
};

/// The same, not owning its texts.
struct identity_view {
  std::string_view subject;
  role role_ = role::agent;
  std::string_view tenant;
  auth_method method = auth_method::anonymous;
  std::string_view token_id;
  std::string_view address;

  identity_view() = default;
  identity_view(const identity& from)
      : subject{from.subject}, role_{from.role_}, tenant{from.tenant},
        method{from.method}, token_id{from.token_id}, address{from.address} {
    // Implicit: a view of what somebody else keeps.
  }
};

} // namespace acgs::domain
