// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/secret.hpp"

#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

#include <algorithm>
#include <new>

namespace acgs::crypto {

secret::secret(std::size_t size) : data_{nullptr}, size_{size} {
  detail::sodium_ready();
  data_ = static_cast<std::byte*>(sodium_malloc(size));
  if (data_ == nullptr)
    throw std::bad_alloc{};
  sodium_memzero(data_, size_);
  sodium_mprotect_noaccess(data_);
}

secret secret::random(std::size_t size) {
  secret out{size};
  // Not from what is drawn ahead, which lies in ordinary memory.
  out.write([](std::span<std::byte> data) {
    randombytes_buf(data.data(), data.size());
  });
  return out;
}

secret secret::copy_of(byte_view from) {
  secret out{from.size()};
  out.write([&](std::span<std::byte> data) {
    std::copy(from.begin(), from.end(), data.begin());
  });
  return out;
}

secret::~secret() {
  // Wipes; takes a null pointer too.
  sodium_free(data_);
}

secret::access::access(std::byte* data, bool writable) : data_{data} {
  if (data_ == nullptr)
    return;
  if (writable)
    sodium_mprotect_readwrite(data_);
  else
    sodium_mprotect_readonly(data_);
}

secret::access::~access() {
  if (data_ != nullptr)
    sodium_mprotect_noaccess(data_);
}

void wipe(std::span<std::byte> data) noexcept {
  sodium_memzero(data.data(), data.size());
}

void wipe(std::string& text) noexcept {
  sodium_memzero(text.data(), text.size());
}

} // namespace acgs::crypto
