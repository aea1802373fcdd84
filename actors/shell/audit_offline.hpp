// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifying the log without a node: an exported tree of tiles, or a receipt,
// by one of the log's verifier keys and, where that was rotated, the list of
// keys that leads on from it.

#include "actors/shell/command.hpp"

#include <merkle/types.hpp>

#include <filesystem>
#include <optional>

namespace acgs::shell {

/// Shows that something does not hold, and why; the exit code.
int not_verified(invocation& in, const std::string& why);

/// The content of a file of a tree, at most as long as the longest bundle.
std::optional<merkle::bytes> read_resource(const std::filesystem::path& folder,
                                           const std::string& path);

/// `audit verify --offline PATH --vkey KEY [--keys FILE]`.
int verify_offline(invocation& in);

} // namespace acgs::shell
