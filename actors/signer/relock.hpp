// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Changes what the key files of a node that does not run are encrypted with.

#include "actors/signer/config.hpp"

namespace acgs::signer {

/// Writes every private part anew under `next`, which may be none, and then has
/// the ring name the new files, in one step: whenever it is broken off, one
/// start later all files are readable by the present lock, or all by `next`.
/// What the disk keeps of the old files is not overwritten. `present` opens
/// them now. Fails with `not_found` where there are no keys, with
/// `invalid_argument` or `forbidden` where the present lock does not open them,
/// and as writing does: then either lock may count.
caf::error relock_keys(const std::filesystem::path& folder,
                       std::shared_ptr<const crypto::key_lock> present,
                       const crypto::key_lock& next);

} // namespace acgs::signer
