// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/sodium.hpp"

#include <sodium.h>

#include <cstdio>
#include <cstdlib>

namespace acgs::crypto::detail {

namespace {

/// With the generator that draws from the kernel's only to seed itself: each
/// decision needs a key, a salt and a nonce, and a system call for each of them
/// was a twentieth of a busy node's time.
int initialise() {
  randombytes_set_implementation(&randombytes_internal_implementation);
  return sodium_init();
}

} // namespace

void sodium_ready() {
  static const int state = initialise();
  if (state >= 0)
    return;
  // Without it there is no randomness: no key or salt may be made.
  std::fputs("acgs: libsodium cannot be initialised\n", stderr);
  std::abort();
}

} // namespace acgs::crypto::detail
