// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/equal.hpp"

#include <sodium.h>

namespace acgs::crypto {

bool equal_secret(byte_view left, byte_view right) {
  return left.size() == right.size()
         && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

} // namespace acgs::crypto
