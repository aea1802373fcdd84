// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the programs end with, so that scripts tell cases apart by one table:
//   0  done
//   1  the answer is "no": refused, not verified, not allowed
//   2  usage or bad input, which the caller must change
//   3  not reachable or not ready, also where another process has the store,
//      the folder or the port: the same may do later
//   4  internal failure

#include "runtime/base/error.hpp"

namespace acgs {

/// The exit code that an error ends a program with.
int exit_code_of(ec code);

} // namespace acgs
