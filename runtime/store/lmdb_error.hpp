// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: LMDB's return codes as our errors.

#include "runtime/base/error.hpp"

namespace acgs::store::detail {

/// `code` is not 0; `doing` says what failed, for example "commit ledger".
caf::error lmdb_error(int code, const std::string& doing);

} // namespace acgs::store::detail
