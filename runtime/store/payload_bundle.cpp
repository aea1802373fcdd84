// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/payload_bundle.hpp"

#include "runtime/store/tables/payloads.hpp"

namespace acgs::store {

namespace {

constexpr std::size_t head_size = 8 + 1 + 4;

std::size_t size_at(byte_view four) {
  std::size_t out = 0;
  for (auto each : four.first(4))
    out = out << 8 | std::to_integer<std::size_t>(each);
  return out;
}

} // namespace

void add_payload(bytes& to, std::uint64_t index, std::uint8_t place,
                 byte_view sealed) {
  auto key = payloads::key(index, place);
  to.insert(to.end(), key.begin(), key.end());
  for (int shift = 24; shift >= 0; shift -= 8)
    to.push_back(static_cast<std::byte>(sealed.size() >> shift & 255));
  to.insert(to.end(), sealed.begin(), sealed.end());
}

caf::error for_each_payload(
    byte_view in,
    const std::function<bool(std::uint64_t, std::uint8_t, byte_view)>& visit) {
  byte_view last;
  while (!in.empty()) {
    auto size = in.size() < head_size ? 0 : size_at(in.subspan(9));
    if (in.size() < head_size || in.size() - head_size < size)
      return make_error(ec::store_corrupt,
                        "a bundle of payloads ends in the middle of one");
    auto key = in.first(9);
    if (!last.empty() && !std::ranges::lexicographical_compare(last, key))
      return make_error(ec::store_corrupt,
                        "the keys of a bundle of payloads do not ascend");
    if (!visit(to_number(key), std::to_integer<std::uint8_t>(key[8]),
               in.subspan(head_size, size)))
      return {};
    last = key;
    in = in.subspan(head_size + size);
  }
  return {};
}

std::optional<byte_view> find_payload(byte_view in, std::uint64_t index,
                                      std::uint8_t place) {
  std::optional<byte_view> out;
  auto bad = for_each_payload(
      in, [&](std::uint64_t at, std::uint8_t nth, byte_view sealed) {
        if (at == index && nth == place)
          out = sealed;
        return !out;
      });
  return bad ? std::nullopt : out;
}

} // namespace acgs::store
