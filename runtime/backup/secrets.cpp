// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/secrets.hpp"

#include "runtime/crypto/password.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/crypto/seal.hpp"

#include <algorithm>

namespace acgs::backup {

namespace {

std::string context_of(std::string_view origin) {
  return "acgs-backup-keys" + std::string{origin};
}

} // namespace

result<sealing> new_sealing(std::string_view passphrase) {
  sealing out;
  out.salt = crypto::random_bytes(salt_size);
  auto key = crypto::derive_key(passphrase, out.salt);
  if (!key)
    return key.error();
  key->read([&](byte_view raw) { out.key.assign(raw.begin(), raw.end()); });
  return out;
}

result<bytes> seal_records(const sealing& with, std::string_view origin,
                           byte_view records) {
  if (with.salt.size() != salt_size)
    return make_error(ec::invalid_argument,
                      "a salt of " + std::to_string(with.salt.size())
                          + " bytes; expected " + std::to_string(salt_size),
                      "seal");
  auto sealed =
      crypto::seal(with.key, records, as_byte_view(context_of(origin)));
  if (!sealed)
    return sealed.error();
  auto out = with.salt;
  out.insert(out.end(), sealed->begin(), sealed->end());
  return out;
}

result<bytes> unsealer::open(std::string_view origin, byte_view content) {
  if (content.size() < salt_size + crypto::seal_overhead)
    return make_error(ec::store_corrupt, "its sealed keys are cut off");
  auto salt = content.first(salt_size);
  if (!key_ || !std::ranges::equal(salt, salt_)) {
    auto key = crypto::derive_key(passphrase_, salt);
    if (!key)
      return key.error();
    key_.emplace(std::move(*key));
    salt_.assign(salt.begin(), salt.end());
  }
  auto records = key_->read([&](byte_view key) {
    return crypto::unseal(key, content.subspan(salt_size),
                          as_byte_view(context_of(origin)));
  });
  if (!records)
    return make_error(ec::forbidden,
                      "its sealed keys do not open: another passphrase?",
                      "passphrase-file");
  return records;
}

} // namespace acgs::backup
