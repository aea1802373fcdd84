// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/index_key.hpp"

#include "runtime/crypto/sha256.hpp"
#include "runtime/store/keys.hpp"

#include <algorithm>

namespace acgs::store::index {

namespace {

constexpr std::size_t text_max = 64;

} // namespace

bytes prefix_of(std::string_view text) {
  auto view = as_byte_view(text);
  bytes out;
  out.reserve(text_max + 1 + sizeof(number_key));
  if (view.size() <= text_max) {
    out.assign(view.begin(), view.end());
  } else {
    auto whole = crypto::sha256_of(view);
    out.assign(view.begin(), view.begin() + text_max - sizeof whole);
    out.insert(out.end(), whole.begin(), whole.end());
  }
  out.push_back(std::byte{0});
  return out;
}

bytes key_of(byte_view prefix, std::uint64_t entry) {
  bytes out{prefix.begin(), prefix.end()};
  auto number = to_key(entry);
  out.insert(out.end(), number.begin(), number.end());
  return out;
}

std::optional<std::uint64_t> entry_of(byte_view key, byte_view prefix) {
  if (key.size() != prefix.size() + sizeof(number_key)
      || !std::equal(prefix.begin(), prefix.end(), key.begin()))
    return std::nullopt;
  return to_number(key.subspan(prefix.size()));
}

} // namespace acgs::store::index
