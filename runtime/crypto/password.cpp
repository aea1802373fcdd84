// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/password.hpp"

#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

namespace acgs::crypto {

namespace {

caf::error check_length(std::string_view password) {
  if (!password.empty() && password.size() <= password_size_max)
    return {};
  return make_error(ec::invalid_argument, "a password of "
                                              + std::to_string(password.size())
                                              + " bytes; expected 1 to 1024");
}

caf::error no_memory() {
  return make_error(ec::unavailable, "no memory for hashing a password");
}

} // namespace

result<std::string> hash_password(std::string_view password,
                                  const password_cost& cost) {
  detail::sodium_ready();
  if (auto bad = check_length(password))
    return bad;
  std::string out(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(),
                            cost.passes, cost.memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13)
      != 0)
    return no_memory();
  out.resize(out.find('\0'));
  return out;
}

bool check_password(std::string_view stored, std::string_view password) {
  detail::sodium_ready();
  if (stored.size() >= crypto_pwhash_STRBYTES || check_length(password)
      || stored.find('\0') != stored.npos)
    return false;
  std::string text{stored};
  return crypto_pwhash_str_verify(text.c_str(), password.data(),
                                  password.size())
         == 0;
}

result<secret> derive_key(std::string_view passphrase, byte_view salt,
                          const password_cost& cost) {
  detail::sodium_ready();
  if (auto bad = check_length(passphrase))
    return bad;
  if (salt.size() != crypto_pwhash_SALTBYTES)
    return make_error(ec::invalid_argument, "a salt of "
                                                + std::to_string(salt.size())
                                                + " bytes; expected 16");
  secret out{32};
  int status = out.write([&](std::span<std::byte> to) {
    return crypto_pwhash(detail::raw(to.data()), to.size(), passphrase.data(),
                         passphrase.size(), detail::raw(salt.data()),
                         cost.passes, cost.memory_bytes,
                         crypto_pwhash_ALG_ARGON2ID13);
  });
  if (status != 0)
    return no_memory();
  return out;
}

} // namespace acgs::crypto
