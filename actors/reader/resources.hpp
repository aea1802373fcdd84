// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What strangers verify with: C2SP tiles, entry bundles, receipts.

#include "runtime/store/log_view.hpp"

#include <string>

namespace acgs::reader {

/// The bytes of "tile/..." or "tile/entries/..." (C2SP tlog-tiles). Fails with
/// `invalid_argument` on another path and `not_found` where the log is not
/// that long.
result<std::string> tile_resource(store::log_view& log, std::string_view path);

/// A receipt (C2SP tlog-proof) of an entry under a signed checkpoint, which
/// must cover it; the entry's bytes are its extra data.
result<std::string> make_receipt(store::log_view& log, std::uint64_t index,
                                 const std::string& signed_checkpoint);

/// The size that a signed checkpoint speaks of, unchecked; 0 where it is none.
std::uint64_t size_of_checkpoint(const std::string& signed_checkpoint);

} // namespace acgs::reader
