// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace acgs::process {

/// Gives the pages that nothing uses any more back to the kernel. jemalloc
/// keeps them for ten seconds of further work, so that of a process which is
/// idle after its start they would stay. With another allocator nothing is
/// done.
void give_back_memory();

} // namespace acgs::process
