// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/payload_key.hpp"

#include "runtime/crypto/mask.hpp"
#include "runtime/crypto/seal.hpp"
#include "runtime/crypto/secret.hpp"

#include <algorithm>

namespace acgs::store {

namespace {

constexpr auto number_size = sizeof(number_key);

} // namespace

result<kept_key> kept_key::read(byte_view from) {
  kept_key out;
  switch (from.size()) {
  case number_size + crypto::seal_key_size:
    out.secret = to_number(from);
    out.value = from.subspan(number_size);
    return out;
  case number_size:
    out.shredded_by = to_number(from);
    return out;
  case crypto::seal_key_size:
    out.value = from;
    return out;
  default:
    return make_error(ec::store_corrupt, "a payload's key has "
                                             + std::to_string(from.size())
                                             + " bytes; expected 8, 32 or 40");
  }
}

bytes masked_key(std::uint64_t number, const digest& secret, payload_place at,
                 byte_view key) {
  auto head = to_key(number);
  auto body = crypto::masked(secret, at.index, at.place, key);
  bytes out(head.size() + body.size());
  std::copy(head.begin(), head.end(), out.begin());
  std::copy(body.begin(), body.end(), out.begin() + number_size);
  return out;
}

result<bytes> open_key(vault& with, const kept_key& kept, payload_place at) {
  if (!kept.secret)
    return bytes{kept.value.begin(), kept.value.end()};
  auto secret = with.get(*kept.secret);
  if (!secret)
    return secret.error();
  if (!*secret)
    return bytes{};
  auto key = crypto::masked(**secret, at.index, at.place, kept.value);
  crypto::wipe(**secret);
  bytes out{key.begin(), key.end()};
  crypto::wipe(key);
  return out;
}

} // namespace acgs::store
