// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

#include <cstdio>
#include <cstdlib>

namespace acgs::crypto::detail {

void sodium_ready() {
  static const int state = sodium_init();
  if (state >= 0)
    return;
  // Without it there is no randomness: no key or salt may be made.
  std::fputs("acgs: libsodium cannot be initialised\n", stderr);
  std::abort();
}

} // namespace acgs::crypto::detail
