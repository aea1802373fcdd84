// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A SIGNER with one token key, which can be rotated and can refuse. It
// understands only what IDENTITY asks.

#include "actors/signer/protocol.hpp"
#include "runtime/auth/token.hpp"
#include "runtime/crypto/base64.hpp"
#include "runtime/crypto/ed25519.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <memory>

namespace acgs::test {

struct fake_signer {
  struct keys {
    crypto::signing_key active = crypto::signing_key::generate();
    caf::error refusal;   ///< of every request, while it is set
    bool rotates = false; ///< to another key before it signs
  };

  explicit fake_signer(caf::actor_system& system)
      : what{std::make_shared<keys>()} {
    auto actor = system.spawn<caf::hidden>(
        [kept = what](caf::event_based_actor*) -> caf::behavior {
          return {[kept](signer::list_keys) -> caf::result<signer::key_list> {
                    if (kept->refusal)
                      return kept->refusal;
                    signer::public_key shown;
                    shown.serves = signer::purpose::token;
                    shown.value = kept->active.public_part();
                    shown.name = "node-1/token";
                    shown.verifier_key = verifier_key(kept->active);
                    return signer::key_list{{shown}};
                  },
                  [kept](const signer::sign& order)
                      -> caf::result<signer::signature> {
                    if (kept->refusal)
                      return kept->refusal;
                    if (kept->rotates)
                      kept->active = crypto::signing_key::generate();
                    return signer::signature{kept->active.sign(order.message)};
                  }};
        });
    handle = caf::actor_cast<signer_actor>(actor);
  }

  /// In C2SP's signed-note form; the hash is made of the key's first bytes.
  static std::string verifier_key(const crypto::signing_key& of) {
    const auto& raw = of.public_part();
    bytes typed{std::byte{1}};
    typed.insert(typed.end(), raw.begin(), raw.end());
    return "node-1/token+" + to_hex(byte_view{raw}.first(4)) + "+"
           + crypto::to_base64(typed);
  }

  auth::token_key key() const { return {what->active.public_part()}; }

  std::shared_ptr<keys> what;
  signer_actor handle;
};

} // namespace acgs::test
