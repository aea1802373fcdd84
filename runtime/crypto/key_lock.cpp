// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/crypto/key_lock.hpp"

#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

namespace acgs::crypto {

result<key_lock> key_lock::with_passphrase(secret passphrase,
                                           const password_cost& cost) {
  if (passphrase.size() == 0 || passphrase.size() > password_size_max)
    return make_error(ec::invalid_argument,
                      "a passphrase of " + std::to_string(passphrase.size())
                          + " bytes; expected 1 to "
                          + std::to_string(password_size_max));
  return key_lock{lock_kind::passphrase, std::move(passphrase), cost};
}

result<key_lock> key_lock::with_file(secret content) {
  if (content.size() < lock_file_bytes_min)
    return make_error(ec::invalid_argument,
                      "a key file of " + std::to_string(content.size())
                          + " bytes; expected at least "
                          + std::to_string(lock_file_bytes_min)
                          + " random ones");
  return key_lock{lock_kind::file, std::move(content), {}};
}

result<secret> key_lock::key_for(byte_view salt,
                                 const password_cost& cost) const {
  if (!held_)
    return make_error(ec::forbidden, "there is nothing to open a key with");
  if (kind_ == lock_kind::passphrase) {
    if (cost.passes < 1 || cost.passes > lock_passes_max
        || cost.memory_bytes < lock_memory_min
        || cost.memory_bytes > lock_memory_max)
      return make_error(ec::invalid_argument,
                        "a passphrase of " + std::to_string(cost.passes)
                            + " passes over "
                            + std::to_string(cost.memory_bytes >> 10)
                            + " KiB; expected 1 to 16 over 8192 to 1048576");
    return held_->read([&](byte_view passphrase) {
      return derive_key(as_text(passphrase), salt, cost);
    });
  }
  if (salt.size() != crypto_generichash_KEYBYTES_MIN)
    return make_error(ec::invalid_argument, "a salt of "
                                                + std::to_string(salt.size())
                                                + " bytes; expected 16");
  secret out{32};
  held_->read([&](byte_view content) {
    out.write([&](std::span<std::byte> to) {
      crypto_generichash(detail::raw(to.data()), to.size(),
                         detail::raw(content.data()), content.size(),
                         detail::raw(salt.data()), salt.size());
    });
  });
  return out;
}

} // namespace acgs::crypto
