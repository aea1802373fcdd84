// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/hasher.hpp"

#include "raw.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <new>

namespace merkle {

namespace {

using detail::raw;

EVP_MD* fetch() {
  auto* out = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (out == nullptr)
    throw std::bad_alloc{};
  return out;
}

/// Fetched once for the process: a fetch costs more than a hash. Where there
/// is no memory for it, the next one who asks tries again.
EVP_MD* sha256() {
  static EVP_MD* const digest = fetch();
  return digest;
}

} // namespace

struct hasher::context {
  EVP_MD_CTX* state = EVP_MD_CTX_new();

  context() = default;
  context(const context&) = delete;
  context& operator=(const context&) = delete;
  ~context() { EVP_MD_CTX_free(state); }

  void start() {
    // A null digest on a context that has one only resets it.
    if (EVP_DigestInit_ex2(state, nullptr, nullptr) != 1)
      throw std::bad_alloc{};
  }
  void add(const void* data, std::size_t size) {
    if (EVP_DigestUpdate(state, data, size) != 1)
      throw std::bad_alloc{};
  }
  hash finish() {
    hash out;
    if (EVP_DigestFinal_ex(state, raw(out.data()), nullptr) != 1)
      throw std::bad_alloc{};
    return out;
  }
};

hasher::hasher() : context_(std::make_unique<context>()) {
  if (context_->state == nullptr
      || EVP_DigestInit_ex2(context_->state, sha256(), nullptr) != 1)
    throw std::bad_alloc{};
}

hasher::~hasher() = default;
hasher::hasher(hasher&&) noexcept = default;
hasher& hasher::operator=(hasher&&) noexcept = default;

hash hasher::leaf(bytes_view data) {
  constexpr std::byte prefix{0x00};
  context_->start();
  context_->add(&prefix, 1);
  context_->add(data.data(), data.size());
  return context_->finish();
}

hash hasher::node(const hash& left, const hash& right) {
  std::array<std::byte, 65> both;
  both[0] = std::byte{0x01};
  std::copy(left.begin(), left.end(), both.begin() + 1);
  std::copy(right.begin(), right.end(), both.begin() + 33);
  return plain(both);
}

hash hasher::plain(bytes_view data) {
  context_->start();
  context_->add(data.data(), data.size());
  return context_->finish();
}

const hash& empty_root() {
  static const hash root = hasher{}.plain({});
  return root;
}

} // namespace merkle
