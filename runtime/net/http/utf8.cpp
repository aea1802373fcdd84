// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace acgs::http {

namespace {

/// Bytes of the sequence that begins here, 0 where it is wrong: the table of
/// well-formed sequences, Unicode 15, 3-7.
std::size_t sequence(const unsigned char* at, std::size_t left) {
  auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return i < left && at[i] >= low && at[i] <= high;
  };
  unsigned first = at[0];
  if (first < 0x80)
    return 1;
  if (first >= 0xc2 && first <= 0xdf)
    return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef)
    return follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf)
                   && follows(2)
               ? 3
               : 0;
  if (first >= 0xf0 && first <= 0xf4)
    return follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf)
                   && follows(2) && follows(3)
               ? 4
               : 0;
  return 0;
}

} // namespace

std::size_t valid_utf8_prefix(std::string_view text) {
  auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t i = 0;
  while (i < text.size()) {
    std::uint64_t eight;
    if (i + sizeof eight <= text.size()) {
      std::memcpy(&eight, bytes + i, sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        i += sizeof eight;
        continue;
      }
    }
    auto size = sequence(bytes + i, text.size() - i);
    if (size == 0)
      return i;
    i += size;
  }
  return i;
}

} // namespace acgs::http
