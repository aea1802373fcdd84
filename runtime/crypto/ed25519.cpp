// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/ed25519.hpp"

#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

namespace acgs::crypto {

using detail::raw;

signing_key signing_key::generate() {
  return from_seed(secret::random(crypto_sign_SEEDBYTES));
}

signing_key signing_key::from_seed(const secret& seed) {
  secret expanded{crypto_sign_SECRETKEYBYTES};
  public_key shown;
  seed.read([&](byte_view from) {
    expanded.write([&](std::span<std::byte> to) {
      crypto_sign_seed_keypair(raw(shown.data()), raw(to.data()),
                               raw(from.data()));
    });
  });
  auto kept = seed.read([](byte_view from) { return secret::copy_of(from); });
  return {std::move(kept), std::move(expanded), shown};
}

signature signing_key::sign(byte_view message) const {
  signature out;
  expanded_.read([&](byte_view key) {
    crypto_sign_detached(raw(out.data()), nullptr, raw(message.data()),
                         message.size(), raw(key.data()));
  });
  return out;
}

bool verify(const public_key& key, byte_view message, byte_view by) {
  detail::sodium_ready();
  return by.size() == crypto_sign_BYTES
         && crypto_sign_verify_detached(raw(by.data()), raw(message.data()),
                                        message.size(), raw(key.data()))
                == 0;
}

} // namespace acgs::crypto
