// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/key_ring.hpp"

#include "runtime/crypto/secret.hpp"
#include "runtime/store/tables.hpp"

namespace acgs::ledger {

namespace {

auto key_at(store::payload_place at) {
  return store::payloads::key(at.index, at.place);
}

/// The secret that masks a key which is to go.
result<std::uint64_t> secret_of(byte_view stored, std::uint64_t index) {
  auto refuse = [&](const std::string& why) {
    return make_error(ec::conflict,
                      "entry " + std::to_string(index) + ' ' + why, "entry");
  };
  auto kept = store::kept_key::read(stored);
  if (!kept)
    return kept.error();
  if (kept->shredded_by)
    return refuse("was shredded already, as entry "
                  + std::to_string(*kept->shredded_by) + " says");
  if (!kept->secret)
    return refuse("was written by a version that kept keys in the table, whose "
                  "file may hold copies of it: its key cannot be destroyed for "
                  "certain");
  return *kept->secret;
}

} // namespace

result<bytes> key_ring::keep(store::payload_place at, byte_view key) {
  if (used_ == drawn_.secrets.size()) {
    auto more = vault_->draw(ahead);
    if (!more)
      return more.error();
    drawn_ = std::move(*more);
    used_ = 0;
  }
  auto& secret = drawn_.secrets[used_];
  auto out = store::masked_key(drawn_.first + used_, secret, at, key);
  crypto::wipe(secret);
  ++used_;
  return out;
}

result<bytes> key_ring::find(store::read_transaction& in,
                             store::payload_place at) {
  auto stored = in.get(tables_.payload_keys, key_at(at));
  if (!stored)
    return stored.error();
  if (!*stored)
    return bytes{};
  auto kept = store::kept_key::read(**stored);
  if (!kept)
    return kept.error();
  return store::open_key(*vault_, *kept, at);
}

result<std::vector<std::uint64_t>> key_ring::shred(store::write_transaction& in,
                                                   std::uint64_t index,
                                                   std::uint64_t by) {
  std::vector<std::uint64_t> gone;
  for (unsigned place = 0; place < 256; ++place) {
    auto key = key_at({index, static_cast<std::uint8_t>(place)});
    auto stored = in.get(tables_.payload_keys, key);
    if (!stored)
      return stored.error();
    if (!*stored)
      break;
    auto secret = secret_of(**stored, index);
    if (!secret)
      return secret.error();
    gone.push_back(*secret);
    if (auto bad = in.put(tables_.payload_keys, key, store::to_key(by)))
      return bad;
  }
  if (!gone.empty())
    return gone;
  return make_error(ec::not_found,
                    "entry " + std::to_string(index)
                        + " has no payload that could be shredded",
                    "entry");
}

} // namespace acgs::ledger
