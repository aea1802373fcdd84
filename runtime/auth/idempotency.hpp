// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The keys by which clients say that a request is the same one again.

#include "runtime/base/error.hpp"
#include "runtime/domain/identity.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace acgs::auth {

/// The client's key as LEDGER is told it: apart from those of other callers,
/// and from those of the node itself, and behind it, after a line feed, the
/// digest of all parts of the request that it stands for, so that a key which
/// is used again for another request is refused. Empty for an empty key. Fails
/// with `invalid_argument`, naming the field as the protocol calls it.
result<std::string>
idempotency_key_of(const domain::identity_view& caller, std::string_view given,
                   std::string field,
                   std::initializer_list<std::string_view> request);

} // namespace acgs::auth
