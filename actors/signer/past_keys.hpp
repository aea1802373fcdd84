// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The keys of logs that this node wrote before, under another origin: whoever
// trusts one of them verifies those logs as ever.

#include "runtime/base/error.hpp"

#include <filesystem>
#include <string>

namespace acgs::signer {

/// The list of keys (`path` "keys", crypto/key_document.hpp) or the last
/// verifier key ("vkey") of the log `origin`, as the folder's ring tells. Any
/// thread. Fails with `not_found` where the ring knows of no such log, and as
/// `read_ring_text` and `parse_ring` do.
result<std::string> read_past_keys(const std::filesystem::path& folder,
                                   const std::string& origin,
                                   const std::string& path);

} // namespace acgs::signer
