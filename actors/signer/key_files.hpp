// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The key files of a folder: read, or made where one is missing. Blocking;
// used once, when SIGNER starts.

#include "actors/signer/config.hpp"
#include "actors/signer/state.hpp"

namespace acgs::signer {

/// All keys, in the order of `purpose`. Fails as `crypto::load_key` does: a key
/// that cannot be read is never replaced by a new one.
result<std::vector<held_key>> open_keys(const config& with);

} // namespace acgs::signer
