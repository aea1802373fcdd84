// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// SIGNER's messages. SIGNER alone holds private keys; others hand it bytes.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"
#include "runtime/base/bytes.hpp"

#include <caf/typed_actor.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace acgs::signer {

/// What a key is for. One key serves one purpose.
enum class purpose : std::uint8_t { checkpoint, token, bundle };

inline constexpr std::array<std::string_view, 3> purpose_names{
    "checkpoint", "token", "bundle"};

struct sign {
  purpose with = purpose::checkpoint;
  bytes message;
  using local_message = void;
};

struct signature {
  std::array<std::byte, 64> value{}; ///< Ed25519
  using local_message = void;
};

struct list_keys {
  using local_message = void;
};

struct public_key {
  purpose serves = purpose::checkpoint;
  std::string name; ///< key name, for checkpoints the origin
  std::array<std::byte, 32> value{};
  std::string verifier_key; ///< C2SP signed-note form
  std::int64_t created_nanos = 0;
  bool active = true;
  bool made_now = false; ///< at this start: to be recorded in the ledger
  bool revoked = false;
  std::uint64_t last_size = 0;  ///< where not active: the log's size then
  std::int64_t ended_nanos = 0; ///< where not active
  std::string replaces;   ///< "name+id" of the one before, where it has one
  std::string statement;  ///< with which it followed that one, a signed note
  std::string revocation; ///< the statement about it, where it was revoked
  std::string reason;     ///< of its replacement or revocation
};

struct key_list {
  std::vector<public_key> keys; ///< the active ones by purpose, then the others
  using local_message = void;
};

/// Has a new key follow the active one of a purpose.
struct rotate {
  purpose serves = purpose::checkpoint;
  std::string head; ///< text of a checkpoint of the log as it is committed
  std::string reason;
  using local_message = void;
};

/// Takes back the belief in a key. An active one is replaced first.
struct revoke {
  std::string key; ///< "name+id", or the id where no other key has it
  std::string head;
  std::string reason;
  using local_message = void;
};

/// What has changed; durable.
struct keys_changed {
  std::string key;       ///< "name+id" of the one that signs no more
  std::string successor; ///< of its follower; empty where none was needed
  key_list now;
  using local_message = void;
};

} // namespace acgs::signer

namespace acgs {

using signer_actor = caf::typed_actor<
    /// Signs bytes with the active key of a purpose.
    caf::replies_to<signer::sign>::with<signer::signature>,
    /// The public parts.
    caf::replies_to<signer::list_keys>::with<signer::key_list>,
    /// Makes a key, says so with both keys' signatures, and signs with the new
    /// one from then on. Fails with `invalid_argument`, `too_large`, or with
    /// what the disk said; nothing has changed then, unless it is
    /// `unavailable`: SIGNER starts again and finds out.
    caf::replies_to<signer::rotate>::with<signer::keys_changed>,
    /// Errors as above, `not_found`, and `conflict` where it is revoked
    /// already.
    caf::replies_to<signer::revoke>::with<signer::keys_changed>,
    /// Facts: fingerprint of the checkpoint key.
    caf::replies_to<probe>::with<probe_result>>;

namespace signer {

/// Where SIGNER is found.
inline constexpr actor_key<signer_actor> key{"signer"};

} // namespace signer

} // namespace acgs
