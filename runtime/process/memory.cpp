// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/memory.hpp"

#include <cstddef>

/// jemalloc(3); not there in a build with another allocator.
extern "C" [[gnu::weak]] int mallctl(const char* name, void* old,
                                     std::size_t* old_size, void* next,
                                     std::size_t next_size);

namespace acgs::process {

void give_back_memory() {
  if (mallctl == nullptr)
    return;
  mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
  mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0); // of all arenas
}

} // namespace acgs::process
