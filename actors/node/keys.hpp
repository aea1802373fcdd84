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

/// The name of this node's log, `cluster/node/epoch`. One node has one epoch
/// until its disk is lost.
std::string origin_of(const config::settings& settings);

/// Reads the key files, making what is missing. Fails as SIGNER does.
result<public_keys> read_public_keys(const config::settings& settings);

} // namespace acgs::node
