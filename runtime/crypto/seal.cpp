// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/seal.hpp"

#include "runtime/crypto/random.hpp"
#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

namespace acgs::crypto {

using detail::raw;

namespace {

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
static_assert(nonce_size + crypto_aead_xchacha20poly1305_ietf_ABYTES
              == seal_overhead);

caf::error wrong_key(std::size_t size) {
  return make_error(ec::invalid_argument, "a sealing key of "
                                              + std::to_string(size)
                                              + " bytes; expected 32");
}

} // namespace

result<bytes> seal(byte_view key, byte_view message, byte_view context) {
  if (key.size() != seal_key_size)
    return wrong_key(key.size());
  bytes out(message.size() + seal_overhead);
  std::span nonce{out.data(), nonce_size};
  random_fill(nonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      raw(out.data() + nonce_size), nullptr, raw(message.data()),
      message.size(), raw(context.data()), context.size(), nullptr,
      raw(nonce.data()), raw(key.data()));
  return out;
}

result<bytes> unseal(byte_view key, byte_view sealed, byte_view context) {
  if (key.size() != seal_key_size)
    return wrong_key(key.size());
  auto damaged = make_error(ec::store_corrupt,
                            "a sealed message does not open: it or its key "
                            "was changed");
  if (sealed.size() < seal_overhead)
    return damaged;
  bytes out(sealed.size() - seal_overhead);
  auto text = sealed.subspan(nonce_size);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          raw(out.data()), nullptr, nullptr, raw(text.data()), text.size(),
          raw(context.data()), context.size(), raw(sealed.data()),
          raw(key.data()))
      != 0)
    return damaged;
  return out;
}

} // namespace acgs::crypto
