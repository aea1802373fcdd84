// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/payload.hpp"

#include "runtime/crypto/equal.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/crypto/seal.hpp"
#include "runtime/crypto/sha256.hpp"

namespace acgs::crypto {

digest commitment_of(byte_view salt, byte_view text) {
  thread_local sha256 hasher;
  return hasher.add(salt).add(text).finish();
}

domain::sealed_payload seal_payload(domain::payload_kind kind, byte_view text) {
  auto message = random_bytes(salt_size);
  message.insert(message.end(), text.begin(), text.end());
  domain::sealed_payload out;
  // The digest of the message is SHA-256(salt || text).
  out.covered_by = {kind, sha256_of(message)};
  out.key = random_bytes(seal_key_size);
  out.ciphertext = std::move(*seal(out.key, message));
  return out;
}

result<opened_payload> open_payload(const domain::sealed_payload& sealed) {
  auto message = unseal(sealed.key, sealed.ciphertext);
  if (!message)
    return message.error();
  if (message->size() < salt_size
      || !equal_secret(sha256_of(*message), sealed.covered_by.value))
    return make_error(ec::store_corrupt,
                      "a payload is not what its commitment covers");
  byte_view all{*message};
  auto salt = all.first(salt_size);
  return opened_payload{{salt.begin(), salt.end()},
                        std::string{as_text(all.subspan(salt_size))}};
}

} // namespace acgs::crypto
