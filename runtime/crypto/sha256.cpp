// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/sha256.hpp"

#include "runtime/crypto/sodium.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <new>

namespace acgs::crypto {

namespace {

void require(int status) {
  if (status != 1)
    throw std::bad_alloc{};
}

EVP_MD* fetch() {
  auto* out = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(out != nullptr ? 1 : 0);
  return out;
}

/// Fetched once for the process: a fetch costs more than a digest. Where there
/// is no memory for it, the next one who asks tries again.
EVP_MD* algorithm() {
  static EVP_MD* const fetched = fetch();
  return fetched;
}

} // namespace

struct sha256::context {
  EVP_MD_CTX* state = EVP_MD_CTX_new();
  bool begun = false; ///< a message; OpenSSL may want memory for each

  context() = default;
  context(const context&) = delete;
  context& operator=(const context&) = delete;
  ~context() { EVP_MD_CTX_free(state); }

  /// Where this fails the next message tries again.
  void begin() {
    if (!begun)
      require(EVP_DigestInit_ex2(state, algorithm(), nullptr));
    begun = true;
  }
};

sha256::sha256() : context_{std::make_unique<context>()} {
  require(context_->state != nullptr ? 1 : 0);
  context_->begin();
}

sha256::~sha256() = default;
sha256::sha256(sha256&&) noexcept = default;
sha256& sha256::operator=(sha256&&) noexcept = default;

sha256& sha256::add(byte_view part) {
  context_->begin();
  require(EVP_DigestUpdate(context_->state, part.data(), part.size()));
  return *this;
}

digest sha256::finish() {
  digest out;
  context_->begin();
  context_->begun = false;
  require(
      EVP_DigestFinal_ex(context_->state, detail::raw(out.data()), nullptr));
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
