// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/memory.hpp"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <link.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

/// jemalloc(3); not there in a build with another allocator.
extern "C" [[gnu::weak]] int mallctl(const char* name, void* old,
                                     std::size_t* old_size, void* next,
                                     std::size_t next_size);

namespace acgs::process {

namespace {

bool is_traced() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("TracerPid:"))
      return line.find_first_of("123456789") != line.npos;
  return true; // nobody knows
}

/// Whether the code was changed when it was loaded, see DT_TEXTREL in elf(5):
/// then the file does not have it as it is.
bool is_relocated(const dl_phdr_info& of) {
  for (int i = 0; i < of.dlpi_phnum; ++i) {
    if (of.dlpi_phdr[i].p_type != PT_DYNAMIC)
      continue;
    const auto* at = reinterpret_cast<const ElfW(Dyn)*>(
        of.dlpi_addr + of.dlpi_phdr[i].p_vaddr);
    for (; at->d_tag != DT_NULL; ++at)
      if (at->d_tag == DT_TEXTREL
          || (at->d_tag == DT_FLAGS && (at->d_un.d_val & DF_TEXTREL) != 0))
        return true;
  }
  return false;
}

/// Of one program or library, the segments that nobody can have written to.
int let_go(dl_phdr_info* of, std::size_t, void*) {
  if (is_relocated(*of))
    return 0;
  auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < of->dlpi_phnum; ++i) {
    const auto& segment = of->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0)
      continue;
    auto begin = of->dlpi_addr + segment.p_vaddr;
    auto end = begin + segment.p_memsz;
    begin -= begin % page;
    // An error changes nothing.
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

} // namespace

void give_back_memory() {
  if (mallctl == nullptr)
    return;
  mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
  mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0); // of all arenas
}

void give_back_code() {
  if (!is_traced())
    ::dl_iterate_phdr(let_go, nullptr);
}

} // namespace acgs::process
