// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The public parts of the node's keys, which others check signatures with.
// The private parts are SIGNER's; here they are made on a first start, looked
// at and let go of.

#include "runtime/auth/token.hpp"
#include "runtime/config/settings.hpp"

#include <merkle/verifier_key.hpp>

#include <string>
#include <vector>

namespace acgs::node {

struct public_keys {
  std::vector<merkle::verifier_key> checkpoint; ///< the active one last
  std::vector<auth::token_key> token;
};

/// Reads the key files, making what is missing; `origin` names the log that
/// they sign (epoch.hpp). Fails as SIGNER does.
result<public_keys> read_public_keys(const config::settings& settings,
                                     const std::string& origin);

} // namespace acgs::node
