// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes that must not leak: in memory of their own between guard pages, locked
// against swapping, unreadable except while `read` or `write` runs, wiped when
// freed. One thread at a time: the page's protection is that of the process.

#include "runtime/base/bytes.hpp"

#include <utility>

namespace acgs::crypto {

/// A secret of fixed length; can be moved, never copied.
class secret {
public:
  /// Room for `size` bytes, all zero. Throws std::bad_alloc where there is
  /// none.
  explicit secret(std::size_t size);

  /// A secret of unpredictable bytes.
  static secret random(std::size_t size);

  /// Copies bytes into guarded memory; the caller wipes the source.
  static secret copy_of(byte_view from);

  ~secret();
  secret(secret&& other) noexcept
      : data_{std::exchange(other.data_, nullptr)}, size_{std::exchange(
                                                        other.size_, 0)} {}
  secret& operator=(secret&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  std::size_t size() const noexcept { return size_; }

  /// Calls `f` with a view of the bytes, which ends with the call.
  template <class F>
  auto read(F f) const {
    access open{data_, false};
    return f(byte_view{data_, size_});
  }

  /// Calls `f` with the bytes to change, which end with the call.
  template <class F>
  auto write(F f) {
    access open{data_, true};
    return f(std::span{data_, size_});
  }

private:
  /// Lifts the protection for the length of a scope.
  struct access {
    access(std::byte* data, bool writable);
    ~access();
    access(const access&) = delete;
    access& operator=(const access&) = delete;
    std::byte* data_;
  };

  std::byte* data_;
  std::size_t size_;
};

/// Overwrites bytes so that the compiler cannot leave it out.
void wipe(std::span<std::byte> data) noexcept;
void wipe(std::string& text) noexcept;

} // namespace acgs::crypto
