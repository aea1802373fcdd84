// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Comparing secrets in a time that does not depend on where they differ.

#include "runtime/base/bytes.hpp"

namespace acgs::crypto {

/// True where both hold the same bytes; only the lengths may show in the time.
bool equal_secret(byte_view left, byte_view right);

} // namespace acgs::crypto
