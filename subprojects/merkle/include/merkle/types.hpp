// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The values that everything here speaks in: hashes, views of bytes, and a
// result that is a value or the reason why there is none. No I/O, no globals;
// any thread may use any value of its own.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace merkle {

/// A SHA-256 hash: of a leaf or of a complete subtree.
using hash = std::array<std::byte, 32>;

using bytes = std::vector<std::byte>;
using bytes_view = std::span<const std::byte>;

/// The bytes of a text, in place.
inline bytes_view as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span{text.data(), text.size()});
}

/// Why there is no value: one sentence for the reader.
struct failure {
  std::string what;
};

/// A value, or the reason why there is none.
template <class T>
class [[nodiscard]] result {
public:
  result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  result(failure why) : held_(std::in_place_index<1>, std::move(why)) {}

  /// True when there is a value.
  explicit operator bool() const noexcept { return held_.index() == 0; }

  T& operator*() { return std::get<0>(held_); }
  const T& operator*() const { return std::get<0>(held_); }
  T* operator->() { return &std::get<0>(held_); }
  const T* operator->() const { return &std::get<0>(held_); }

  /// The reason; only where there is no value.
  const std::string& error() const { return std::get<1>(held_).what; }

private:
  std::variant<T, failure> held_;
};

/// Success, or the reason why not.
using outcome = result<std::monostate>;

/// Success.
inline outcome ok() {
  return outcome{std::monostate{}};
}

} // namespace merkle
