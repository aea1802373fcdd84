// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/sha256.hpp"

#include "runtime/crypto/sodium.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <new>

namespace acgs::crypto {

namespace {

/// Fetched once for the process: a fetch costs more than a digest.
EVP_MD* algorithm() {
  static EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return fetched;
}

void require(int status) {
  if (status != 1)
    throw std::bad_alloc{};
}

} // namespace

struct sha256::context {
  EVP_MD_CTX* state = EVP_MD_CTX_new();

  context() = default;
  context(const context&) = delete;
  context& operator=(const context&) = delete;
  ~context() { EVP_MD_CTX_free(state); }
};

sha256::sha256() : context_{std::make_unique<context>()} {
  require(context_->state != nullptr && algorithm() != nullptr ? 1 : 0);
  require(EVP_DigestInit_ex2(context_->state, algorithm(), nullptr));
}

sha256::~sha256() = default;
sha256::sha256(sha256&&) noexcept = default;
sha256& sha256::operator=(sha256&&) noexcept = default;

sha256& sha256::add(byte_view part) {
  require(EVP_DigestUpdate(context_->state, part.data(), part.size()));
  return *this;
}

digest sha256::finish() {
  digest out;
  require(
      EVP_DigestFinal_ex(context_->state, detail::raw(out.data()), nullptr));
  require(EVP_DigestInit_ex2(context_->state, nullptr, nullptr));
  return out;
}

digest sha256_of(byte_view message) {
  thread_local sha256 hasher;
  return hasher.add(message).finish();
}

digest hmac_sha256(byte_view key, byte_view message) {
  digest out;
  // OpenSSL takes no null key, even of no length.
  constexpr unsigned char none = 0;
  auto* begin = key.empty() ? &none : detail::raw(key.data());
  auto* done = HMAC(EVP_sha256(), begin, static_cast<int>(key.size()),
                    detail::raw(message.data()), message.size(),
                    detail::raw(out.data()), nullptr);
  require(done != nullptr ? 1 : 0);
  return out;
}

} // namespace acgs::crypto
