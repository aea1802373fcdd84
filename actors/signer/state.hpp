// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// SIGNER's core: the private keys of this node, one a purpose, in guarded
// memory, and what is known of those before them. Nothing but signatures and
// public parts leaves it. Belongs to SIGNER's thread.
//
// A change is planned first and taken up after its plan is on disk: what a
// plan holds, no other part has seen.

#include "actors/signer/ring.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/crypto/ed25519.hpp"

#include <optional>

namespace acgs::signer {

/// What the folder of keys held.
struct opened_keys {
  ring known;
  std::vector<crypto::signing_key> secrets; ///< by purpose
  std::array<bool, purpose_names.size()> made_now{};
};

/// A change that is not in effect yet.
struct planned_change {
  ring next;
  purpose serves = purpose::checkpoint;
  std::optional<crypto::signing_key> fresh; ///< of a rotation
  std::string dropped; ///< the file that is of no use after it
  std::string key;     ///< "name+id" of the one that signs no more
  std::string successor;
};

class state {
public:
  /// Fails with `store_corrupt` where the ring contradicts itself.
  static result<state> open(opened_keys from);

  /// Signs with the active key of a purpose. Fails with `invalid_argument` on
  /// an unknown purpose and, where it is for checkpoints, on what is neither
  /// one of our log, saying no more than a checkpoint does, nor the manifest
  /// of a backup of it, so that a mix-up never signs what means something
  /// else.
  result<signature> sign(const struct sign& what);

  key_list list() const;

  const crypto::key_history& history() const { return history_; }
  const ring& known() const { return ring_; }

  /// Has `fresh` follow the active key, at the later of `what.head` and the
  /// largest checkpoint that was signed here: what an old key signed stays
  /// good.
  result<planned_change> plan(const rotate& what, crypto::signing_key fresh,
                              wall_time now) const;

  /// Revokes a key that signs no more. Fails with `conflict` where it still
  /// does, or was revoked already, `not_found` where there is none.
  result<planned_change> plan(const revoke& what, wall_time now) const;

  /// The purpose of the key that this is about, where it is active.
  std::optional<purpose> active_purpose(const std::string& key) const;

  /// The plan is durable: from now on it holds. Fails like `open`, and then
  /// nothing has changed.
  caf::error adopt(planned_change what);

  /// SHA-256 of the checkpoint key's public part, hexadecimal.
  std::string fingerprint() const;

private:
  state(opened_keys from, crypto::key_history history)
      : ring_{std::move(from.known)}, secrets_{std::move(from.secrets)},
        made_now_{from.made_now}, history_{std::move(history)} {
    // Signs when asked.
  }

  result<merkle::checkpoint> head_of(const std::string& text) const;
  result<const crypto::known_key*> find(const std::string& key) const;
  result<std::string>
  state_it(const crypto::key_change& what,
           std::span<const crypto::signing_key* const> signers) const;

  ring ring_;
  std::vector<crypto::signing_key> secrets_;
  std::array<bool, purpose_names.size()> made_now_;
  crypto::key_history history_;
  std::optional<merkle::checkpoint> newest_; // the largest signed since start
};

} // namespace acgs::signer
