// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifying the log without a node: an exported tree of tiles, or a receipt,
// by the log's verifier key and nothing else.

#include "actors/shell/command.hpp"

#include <merkle/verifier_key.hpp>

#include <filesystem>
#include <optional>

namespace acgs::shell {

/// The key that a word stands for: a file that holds one, or the key itself.
/// Fails with `invalid_argument`, naming "vkey".
result<merkle::verifier_key> verifier_key_of(const std::string& word);

/// Shows that something does not hold, and why; the exit code.
int not_verified(invocation& in, const std::string& why);

/// The content of a file of a tree, at most as long as the longest bundle.
std::optional<merkle::bytes> read_resource(const std::filesystem::path& folder,
                                           const std::string& path);

/// `audit verify --offline PATH --vkey KEY`.
int verify_offline(invocation& in);

} // namespace acgs::shell
