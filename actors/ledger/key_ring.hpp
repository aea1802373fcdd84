// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The keys of payloads as the store keeps them: each masked by a secret of its
// own in the vault. To destroy a key is to overwrite its secret; whatever the
// store's file, a copy or a backup still holds of the mask is of no use then.
// Secrets are drawn ahead, some thousand for one sync. Belongs to LEDGER's
// core.
//
// Order of a destruction: the mark in the keys' place, the list of secrets that
// must go and the entry about it are one transaction; then the secrets go. A
// start finds the list and does again what a crash kept from being done.

#include "runtime/store/log_view.hpp"
#include "runtime/store/payload_key.hpp"

#include <vector>

namespace acgs::ledger {

class key_ring {
public:
  /// Secrets drawn at once.
  static constexpr std::uint32_t ahead = 4096;

  key_ring() = default;
  key_ring(store::vault& with, const store::log_tables& tables)
      : vault_{&with}, tables_{tables} {
    // Draws nothing before a secret is needed.
  }

  /// What the store is to hold for a new key. Fails as `vault::draw` does.
  result<bytes> keep(store::payload_place at, byte_view key);

  /// A key that the store holds; empty where it was destroyed or never was.
  result<bytes> find(store::read_transaction& in, store::payload_place at);

  /// Replaces the keys of an entry by the mark that the entry `by` tells of
  /// it. Returns the secrets that must go once this is durable. Fails with
  /// `not_found` where the entry has no payload, `conflict` where its keys were
  /// destroyed before or cannot be.
  result<std::vector<std::uint64_t>>
  shred(store::write_transaction& in, std::uint64_t index, std::uint64_t by);

  /// Destroys such secrets.
  caf::error destroy(const std::vector<std::uint64_t>& secrets) {
    return secrets.empty() ? caf::error{} : vault_->destroy(secrets);
  }

private:
  store::vault* vault_ = nullptr;
  store::log_tables tables_;
  store::drawn_secrets drawn_;
  std::size_t used_ = 0; ///< of them
};

} // namespace acgs::ledger
