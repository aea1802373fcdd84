// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What clients hold: one maker a capability. Each lives on the gateway's loop
// and keeps its session.

#include "actors/rpc_gateway/gate.hpp"
#include "actors/rpc_gateway/session.hpp"
#include "runtime/backup/plan.hpp"
#include "schemas/gateway.capnp.h"

namespace acgs::rpc_gateway {

/// The first capability of a connection, good for authenticating. `proved` is
/// called when a credential was found good.
schema::Gateway::Client make_gateway(services& with, std::uint64_t connection,
                                     transport_proof proof,
                                     kj::Function<void()> proved);

schema::Session::Client make_session(kj::Own<session> who);
schema::Policy::Client make_policy(kj::Own<session> who);
schema::Authoring::Client make_authoring(kj::Own<session> who);
/// An upload of an archive of so many bytes for a bundle. Fails with
/// `invalid_argument`, `too_large` or `overloaded`.
result<schema::Upload::Client> make_upload(kj::Own<session> who,
                                           std::string name,
                                           std::uint64_t bytes, deed what,
                                           std::uint64_t expected);

schema::Ledger::Client make_ledger(kj::Own<session> who);
schema::Keys::Client make_keys(kj::Own<session> who);
schema::Identities::Client make_identities(kj::Own<session> who);
schema::Admin::Client make_admin(kj::Own<session> who);
schema::Backup::Client make_backup(kj::Own<session> who,
                                   std::shared_ptr<const backup::plan> of);

} // namespace acgs::rpc_gateway
