// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a process had to have in memory once, and needs no more.

namespace acgs::process {

/// Gives the pages that nothing uses any more back to the kernel. jemalloc
/// keeps them for ten seconds of further work, so that of a process which is
/// idle after its start they would stay. With another allocator nothing is
/// done.
void give_back_memory();

/// Lets go of all code and constants that were read from files; what is used
/// again is mapped again, without a disk as long as the kernel has it. Where a
/// debugger looks on nothing is done, as its breakpoints stand in the code.
void give_back_code();

} // namespace acgs::process
