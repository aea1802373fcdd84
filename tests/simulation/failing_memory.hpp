// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A program that links `failing_memory.cpp` can have one allocation fail:
// `operator new` throws, and `malloc` and its kin, which LMDB uses, return
// nothing. Under a sanitizer, which has a `malloc` of its own, only `new` does.

#include <cstdint>

namespace acgs::test {

/// Counts from now on, and fails the allocation of that number; 0: none.
void fail_allocation(std::uint64_t number);

/// How many there were since.
std::uint64_t allocations();

} // namespace acgs::test
