// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/failing_memory.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

namespace acgs::test {

namespace {

std::atomic<std::uint64_t> counted{0};
std::atomic<std::uint64_t> failing{0};

bool fails() {
  auto number = counted.fetch_add(1, std::memory_order_relaxed) + 1;
  return number == failing.load(std::memory_order_relaxed);
}

} // namespace

void fail_allocation(std::uint64_t number) {
  counted = 0;
  failing = number;
}

std::uint64_t allocations() {
  return counted;
}

} // namespace acgs::test

using acgs::test::fails;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ACGS_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ACGS_SANITIZED
#endif
#endif

#ifdef ACGS_SANITIZED

void* operator new(std::size_t size) {
  auto* out = fails() ? nullptr : std::malloc(size);
  if (out == nullptr)
    throw std::bad_alloc{};
  return out;
}
void operator delete(void* at) noexcept {
  std::free(at);
}
void operator delete(void* at, std::size_t) noexcept {
  std::free(at);
}

#else

// The library's `new` calls `malloc`, so that this is all of them.
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* at, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

static void* none() {
  errno = ENOMEM;
  return nullptr;
}

void* malloc(std::size_t size) noexcept {
  return fails() ? none() : __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  return fails() ? none() : __libc_calloc(count, size);
}
void* realloc(void* at, std::size_t size) noexcept {
  return fails() ? none() : __libc_realloc(at, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return fails() ? none() : __libc_memalign(alignment, size);
}
int posix_memalign(void** to, std::size_t alignment,
                   std::size_t size) noexcept {
  auto* out = fails() ? nullptr : __libc_memalign(alignment, size);
  if (out == nullptr)
    return ENOMEM;
  *to = out;
  return 0;
}

} // extern "C"

#endif
