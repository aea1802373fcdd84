// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/random.hpp"

#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace acgs::crypto {

namespace {

/// Randomness drawn ahead by one thread: each decision needs a key, a secret
/// and a nonce for every payload, and a call of the kernel's for each was a
/// twentieth of a busy node's time. A key of the kernel's is stretched by
/// ChaCha20, whose first bytes take the key's place, so that nobody who sees
/// this memory later can tell what was handed out: fast key erasure, D. J.
/// Bernstein, "Fast-key-erasure random-number generators", 2017. The process
/// does not fork.
class reserve {
public:
  ~reserve() {
    sodium_memzero(drawn_.data(), drawn_.size());
    sodium_memzero(key_.data(), key_.size());
  }

  void take(std::span<std::byte> out) {
    if (out.size() > left_)
      draw();
    auto* from = drawn_.data() + (drawn_.size() - left_);
    std::copy_n(from, out.size(), out.data());
    sodium_memzero(from, out.size());
    left_ -= out.size();
  }

private:
  void draw() {
    if (draws_++ % draws_for_one_key == 0)
      randombytes_buf(key_.data(), key_.size());
    stream_fill(key_, 0, drawn_);
    std::copy_n(drawn_.begin(), key_.size(), key_.begin());
    sodium_memzero(drawn_.data(), key_.size());
    left_ = drawn_.size() - key_.size();
  }

  /// After 16 KiB a new key comes from the kernel, so that a machine that was
  /// resumed from a snapshot soon goes its own way.
  static constexpr std::uint64_t draws_for_one_key = 16;

  digest key_{};
  std::array<std::byte, 1024> drawn_{};
  std::size_t left_ = 0;
  std::uint64_t draws_ = 0;
};

constexpr std::size_t from_reserve_max = 64;

} // namespace

void random_fill(std::span<std::byte> out) {
  detail::sodium_ready();
  thread_local reserve ahead;
  if (out.size() <= from_reserve_max)
    return ahead.take(out);
  digest key{};
  ahead.take(key);
  stream_fill(key, 0, out);
  sodium_memzero(key.data(), key.size());
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
