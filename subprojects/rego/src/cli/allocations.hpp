// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Counts what this program takes from the heap by operator new, which it has
// one of its own of for that.

#include <cstdint>

namespace rego::cli {

struct allocations {
  uint64_t count = 0;
  uint64_t bytes = 0;
};

/// All of the calling thread so far.
allocations allocated();

} // namespace rego::cli
