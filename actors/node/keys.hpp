// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The public parts of the node's keys, which others check signatures with.
// The private parts are SIGNER's; here they are made on a first start, looked
// at and let go of.

#include "runtime/auth/token.hpp"
#include "runtime/config/settings.hpp"
#include "runtime/crypto/key_lock.hpp"
#include "runtime/crypto/log_keys.hpp"

#include <string>
#include <vector>

namespace acgs::node {

struct public_keys {
  std::shared_ptr<const crypto::key_lock> lock; ///< of the private parts
  crypto::log_keys log;                         ///< what signed the log
  std::vector<auth::token_key> token; ///< those that are still believed
};

/// The keys whose tokens count until they run out.
std::vector<auth::token_key> token_keys_of(const crypto::key_history& all);

/// Reads the key files, making what is missing; `origin` names the log that
/// they sign (epoch.hpp). Fails as SIGNER does.
result<public_keys>
read_public_keys(const config::settings& settings, const std::string& origin,
                 std::shared_ptr<const crypto::key_lock> lock);

} // namespace acgs::node
