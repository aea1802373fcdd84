// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/request_key.hpp"

#include "runtime/crypto/sha256.hpp"
#include "runtime/store/keys.hpp"

namespace acgs::ledger {

namespace {

/// A key, and what gateways put behind it after a line feed: the digest of the
/// request that it stands for (runtime/auth/idempotency.hpp).
struct split_key {
  std::string_view name;
  std::string_view request; ///< empty for the node's own entries
};

split_key split(std::string_view key) {
  auto at = key.find('\n');
  return {key.substr(0, at),
          at == key.npos ? std::string_view{} : key.substr(at + 1)};
}

/// Whether somebody could act on it.
bool gives(domain::verdict what) {
  return what == domain::verdict::allow || what == domain::verdict::value;
}

} // namespace

bool is_withdrawn(domain::verdict before, domain::verdict now) {
  return gives(before) && !gives(now) && now != domain::verdict::none;
}

digest request_of(const append& record) {
  return crypto::sha256_of(as_byte_view(split(record.idempotency_key).request));
}

digest idempotency_key_of(std::string_view origin, const append& record) {
  crypto::sha256 hasher;
  const auto& caller = record.entry->caller;
  for (std::string_view part : {origin, caller.tenant, caller.subject,
                                split(record.idempotency_key).name})
    hasher.add(store::to_key(part.size())).add(as_byte_view(part));
  return hasher.finish();
}

} // namespace acgs::ledger
