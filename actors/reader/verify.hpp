// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifying the log from what is stored: every entry hashes to its leaf, the
// leaves to the tiles, the tiles to the head's root, the signed checkpoint is
// of this tree, and payloads that can still be opened are what was committed
// to. The first entry that is wrong is named.

#include "actors/reader/protocol.hpp"
#include "runtime/store/log_view.hpp"

#include <merkle/verifier_key.hpp>

namespace acgs::reader {

/// Verifies the range that is asked for; the whole log where it is all of it.
/// A log that does not hold is an answer, not an error. Fails with
/// `invalid_argument` on a range beyond the log.
result<verify_result> verify_log(const verify& what, store::environment& in,
                                 const store::log_tables& tables,
                                 std::span<const merkle::verifier_key> keys);

/// Opens what an entry commits to.
result<std::vector<opened_payload>> open_payloads(store::log_view& log,
                                                  std::uint64_t index,
                                                  const domain::entry& entry);

} // namespace acgs::reader
