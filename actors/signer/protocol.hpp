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
};

struct key_list {
  std::vector<public_key> keys;
  using local_message = void;
};

} // namespace acgs::signer

namespace acgs {

using signer_actor = caf::typed_actor<
    /// Signs bytes with the active key of a purpose.
    caf::replies_to<signer::sign>::with<signer::signature>,
    /// The public parts.
    caf::replies_to<signer::list_keys>::with<signer::key_list>,
    /// Facts: fingerprint of the checkpoint key.
    caf::replies_to<probe>::with<probe_result>>;

namespace signer {

/// Where SIGNER is found.
inline constexpr actor_key<signer_actor> key{"signer"};

} // namespace signer

} // namespace acgs
