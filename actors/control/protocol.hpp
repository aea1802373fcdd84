// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CONTROL's messages. CONTROL is the only writer of `state/`: every change
// of policy, data, mode, user, token, key or limit is a command; it is
// checked (a policy must compile, a mode must be known), applied by one pure
// function, made durable in the history, recorded in the ledger, and then
// published to everybody who subscribed.

#include "actors/signer/protocol.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"
#include "runtime/domain/control_state.hpp"
#include "runtime/wire/command.hpp"

#include <caf/typed_actor.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace acgs {

class snapshot; // runtime/snapshot: compiled policies and data, ready to use

namespace control {

/// An activation that was refused; gone once one succeeds.
struct bundle_fault {
  std::string code;
  std::string message;
  std::int64_t time_nanos = 0;
};
using bundle_faults = std::map<std::string, bundle_fault>;

/// The present, immutable: control state and what was compiled from it.
struct published {
  domain::control_state_ptr state;
  std::shared_ptr<const acgs::snapshot> compiled;
  /// Why bundles could not be activated when that was last tried, by name.
  std::shared_ptr<const bundle_faults> faults = nullptr;
  using local_message = void;
};

struct applied {
  std::uint64_t revision = 0; ///< of control state after the command
  std::uint64_t index = 0;    ///< of the ledger's entry about it
  using local_message = void;
};

/// Has a new key follow the active one of a purpose.
struct rotate_key {
  signer::purpose serves = signer::purpose::checkpoint;
  std::string reason;
  std::string request_id;
  domain::identity caller;
  using local_message = void;
};

/// Takes back the belief in a key; one that still signs is replaced first.
struct revoke_key {
  std::string key; ///< "name+id", or the id alone
  std::string reason;
  std::string request_id;
  domain::identity caller;
  using local_message = void;
};

/// A change of keys, which is in the ledger.
struct key_changed {
  std::string key;       ///< "name+id" of the one that signs no more
  std::string successor; ///< of the one that follows; empty where none does
  std::uint64_t revision = 0;
  std::uint64_t index = 0; ///< of the ledger's last entry about it
  using local_message = void;
};

struct get_published {
  using local_message = void;
};

/// The commands of some revisions, newest first. Fewer than `limit` are
/// answered where their bodies are large together: then more may follow.
struct get_history {
  std::uint64_t before = 0; ///< only smaller revisions; 0: from the newest
  std::uint32_t limit = 100;
  std::string name; ///< only about this policy, path, user, ...; empty: all
  using local_message = void;
};

struct history_item {
  std::uint64_t revision = 0;
  wire::command command;
  /// Of `put_bundle`, where it is needed; else null.
  std::shared_ptr<const std::string> archive = nullptr;
};

struct history {
  std::vector<history_item> items;
  using local_message = void;
};

} // namespace control

/// Somebody who is told of each new state, POLICY and the gateways.
using control_listener = caf::typed_actor<caf::reacts_to<control::published>>;

using control_actor = caf::typed_actor<
    /// Carries out a command. Fails with `policy_invalid` (the sentence holds
    /// the compiler's errors), `invalid_argument`, `not_found`, `conflict`
    /// (expected revision), `store_full`; then nothing has changed. The archive
    /// of a `put_bundle` is taken from the desk; `not_found` where it is not
    /// there.
    caf::replies_to<wire::command>::with<control::applied>,
    /// The present state. Before there is one, the answer waits for it.
    caf::replies_to<control::get_published>::with<control::published>,
    /// What was done before.
    caf::replies_to<control::get_history>::with<control::history>,
    /// From now on tells the listener of each new state, beginning with the
    /// present one.
    caf::reacts_to<control_listener>,
    /// Changes a signing key and answers when it is on record. Errors as
    /// SIGNER's, and `conflict` while another change of keys is under way.
    caf::replies_to<control::rotate_key>::with<control::key_changed>,
    caf::replies_to<control::revoke_key>::with<control::key_changed>,
    /// Facts: revision, counts, free room.
    caf::replies_to<probe>::with<probe_result>>;

namespace control {

/// Where CONTROL is found.
inline constexpr actor_key<control_actor> key{"control"};

} // namespace control

} // namespace acgs
