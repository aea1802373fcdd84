// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/allocations.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local rego::cli::allocations made;

void* counted(std::size_t bytes, std::size_t alignment) {
  ++made.count;
  made.bytes += bytes;
  // aligned_alloc wants a multiple.
  auto whole = (bytes + alignment - 1) / alignment * alignment;
  for (;;) {
    auto* out = alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__
                    ? std::malloc(bytes == 0 ? 1 : bytes)
                    : std::aligned_alloc(alignment, whole);
    if (out)
      return out;
    auto more = std::get_new_handler();
    if (!more)
      throw std::bad_alloc{};
    more();
  }
}

} // namespace

// The other forms of the library come down to these.

void* operator new(std::size_t bytes) {
  return counted(bytes, 1);
}

void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return counted(bytes, static_cast<std::size_t>(alignment));
}

void operator delete(void* what) noexcept {
  std::free(what);
}

void operator delete(void* what, std::size_t) noexcept {
  std::free(what);
}

void operator delete(void* what, std::align_val_t) noexcept {
  std::free(what);
}

void operator delete(void* what, std::size_t, std::align_val_t) noexcept {
  std::free(what);
}

namespace rego::cli {

allocations allocated() {
  return made;
}

} // namespace rego::cli
