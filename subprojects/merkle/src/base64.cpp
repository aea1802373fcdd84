// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "merkle/base64.hpp"

#include "raw.hpp"

#include <openssl/evp.h>

#include <limits>

namespace merkle {

std::string base64_encode(bytes_view data) {
  // EVP_EncodeBlock writes a final zero byte, which std::string has room for.
  std::string out((data.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                  detail::raw(data.data()), static_cast<int>(data.size()));
  return out;
}

std::optional<bytes> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0
      || text.size() > std::size_t{std::numeric_limits<int>::max()})
    return std::nullopt;
  bytes out(text.size() / 4 * 3);
  auto length =
      EVP_DecodeBlock(detail::raw(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (length < 0)
    return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size()
         && text[text.size() - 1 - padding] == '=')
    ++padding;
  out.resize(static_cast<std::size_t>(length) - padding);
  if (base64_encode(out) != text)
    return std::nullopt;
  return out;
}

} // namespace merkle
