// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A SIGNER with one token key, which can be rotated and can refuse. It
// understands only what IDENTITY and CONTROL ask.

#include "actors/signer/protocol.hpp"
#include "runtime/auth/token.hpp"
#include "runtime/crypto/base64.hpp"
#include "runtime/crypto/ed25519.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <memory>
#include <vector>

namespace acgs::test {

struct fake_signer {
  struct keys {
    crypto::signing_key active = crypto::signing_key::generate();
    caf::error refusal;                   ///< of every request, while it is set
    bool rotates = false;                 ///< to another key before it signs
    std::vector<signer::public_key> past; ///< those before `active`
    std::string head;                     ///< that it was given last
  };

  explicit fake_signer(caf::actor_system& system)
      : what{std::make_shared<keys>()} {
    auto actor = system.spawn<caf::hidden>(
        [kept = what](caf::event_based_actor*) -> caf::behavior {
          return {[kept](signer::list_keys) -> caf::result<signer::key_list> {
                    if (kept->refusal)
                      return kept->refusal;
                    return list(*kept);
                  },
                  [kept](const signer::rotate& order)
                      -> caf::result<signer::keys_changed> {
                    if (kept->refusal)
                      return kept->refusal;
                    return rotate(*kept, order);
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

  static signer::key_list list(const keys& of) {
    signer::public_key shown;
    shown.serves = signer::purpose::token;
    shown.value = of.active.public_part();
    shown.name = "node-1/token";
    shown.verifier_key = verifier_key(of.active);
    if (!of.past.empty()) {
      shown.replaces = record_name(of.past.back());
      shown.statement = "first line\nsecond line\n";
    }
    signer::key_list out{{shown}};
    out.keys.insert(out.keys.end(), of.past.begin(), of.past.end());
    return out;
  }

  static signer::keys_changed rotate(keys& in, const signer::rotate& order) {
    auto old = list(in).keys.front();
    old.active = false;
    in.past.push_back(old);
    in.head = order.head;
    in.active = crypto::signing_key::generate();
    auto now = list(in);
    return {record_name(old), record_name(now.keys.front()), now};
  }

  static std::string record_name(const signer::public_key& of) {
    // The base64 behind the second plus may hold more of them.
    const auto& all = of.verifier_key;
    return all.substr(0, all.find('+', all.find('+') + 1));
  }

  auth::token_key key() const { return {what->active.public_part()}; }

  std::shared_ptr<keys> what;
  signer_actor handle;
};

} // namespace acgs::test
