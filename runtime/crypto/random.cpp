// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/random.hpp"

#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace acgs::crypto {

namespace {

/// Randomness drawn ahead by one thread: each decision needs a key, a salt and
/// a nonce, and a call of the kernel's for each was a twentieth of a busy
/// node's time. What is handed out is gone from here. The process does not
/// fork.
class reserve {
public:
  ~reserve() { sodium_memzero(drawn_.data(), drawn_.size()); }

  void take(std::span<std::byte> out) {
    if (out.size() > left_) {
      randombytes_buf(drawn_.data(), drawn_.size());
      left_ = drawn_.size();
    }
    auto* from = drawn_.data() + (left_ - out.size());
    std::copy_n(from, out.size(), out.data());
    sodium_memzero(from, out.size());
    left_ -= out.size();
  }

private:
  std::array<std::byte, 1024> drawn_{};
  std::size_t left_ = 0;
};

constexpr std::size_t from_reserve_max = 64;

} // namespace

void random_fill(std::span<std::byte> out) {
  detail::sodium_ready();
  if (out.size() > from_reserve_max)
    return randombytes_buf(out.data(), out.size());
  thread_local reserve ahead;
  ahead.take(out);
}

bytes random_bytes(std::size_t count) {
  bytes out(count);
  random_fill(out);
  return out;
}

void stream_fill(const digest& seed, std::uint64_t number,
                 std::span<std::byte> out) {
  std::array<unsigned char, crypto_stream_chacha20_ietf_NONCEBYTES> nonce{};
  for (std::size_t i = 0; i < sizeof number; ++i)
    nonce[i] = static_cast<unsigned char>(number >> (8 * i));
  crypto_stream_chacha20_ietf(detail::raw(out.data()), out.size(), nonce.data(),
                              detail::raw(seed.data()));
}

} // namespace acgs::crypto
