// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/base64.hpp"

#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

namespace acgs::crypto {

namespace {

std::string encode(byte_view data, int variant) {
  // The length counts a terminating zero.
  std::string out(sodium_base64_encoded_len(data.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), detail::raw(data.data()),
                    data.size(), variant);
  out.pop_back();
  return out;
}

std::optional<bytes> decode(std::string_view text, int variant) {
  bytes out(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  if (sodium_base642bin(detail::raw(out.data()), out.size(), text.data(),
                        text.size(), nullptr, &size, nullptr, variant)
      != 0)
    return std::nullopt;
  out.resize(size);
  if (encode(out, variant) != text)
    return std::nullopt;
  return out;
}

} // namespace

std::string to_base64(byte_view data) {
  return encode(data, sodium_base64_VARIANT_ORIGINAL);
}

std::string to_base64url(byte_view data) {
  return encode(data, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::optional<bytes> from_base64(std::string_view text) {
  return decode(text, sodium_base64_VARIANT_ORIGINAL);
}

std::optional<bytes> from_base64url(std::string_view text) {
  return decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

} // namespace acgs::crypto
