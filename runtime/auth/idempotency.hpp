// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The keys by which clients say that a request is the same one again.

#include "runtime/base/error.hpp"
#include "runtime/domain/identity.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace acgs::auth {

/// The client's key as LEDGER is told it: apart from those of other callers,
/// and from those of the node itself, and behind it, after a line feed, the
/// digest of all parts of the request that it stands for, so that a key which
/// is used again for another request is refused. Empty where none is given.
/// Fails with `invalid_argument`, naming the field as the protocol calls it, on
/// any but 1 to 128 visible ASCII characters; an empty key would be one that
/// keeps nothing from being recorded twice.
result<std::string>
idempotency_key_of(const domain::identity_view& caller,
                   std::optional<std::string_view> given, std::string field,
                   std::initializer_list<std::string_view> request);

} // namespace acgs::auth
