// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Callers that prove themselves without a token. Control state may give one a
// role, or shut it out, as the user "uid:1000" or "cert:node-2".

#include "runtime/base/error.hpp"
#include "runtime/domain/control_state.hpp"
#include "runtime/domain/identity.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace acgs::auth {

/// The process at the other end of the Unix socket, by `SO_PEERCRED`: the
/// node's own user and root are admin; others are agent where state (may be
/// null) says nothing else. Fails with `unauthenticated` where it was revoked.
result<domain::identity> peer_identity(std::uint32_t uid, std::uint32_t own_uid,
                                       const domain::control_state* state);

/// How the holder of a client certificate is recorded; empty where it has no
/// name.
std::string certificate_subject(std::string_view common_name);

/// The holder of a client certificate of our authority: agent where state (may
/// be null) says nothing else. Fails with `unauthenticated` where the user was
/// revoked or the name is empty.
result<domain::identity>
certificate_identity(std::string_view common_name, std::string_view address,
                     const domain::control_state* state);

/// A caller on loopback without a token: the role agent.
domain::identity anonymous_identity(std::string_view address);

} // namespace acgs::auth
