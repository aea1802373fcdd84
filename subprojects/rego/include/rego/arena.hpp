// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The arena: one evaluation's memory (or one frozen document's), handed out by
// bumping a pointer and released whole. Owned by one thread while it grows;
// whatever was built in it may be read by many once nothing is added any more.
// Nothing in it is destroyed, so only trivially destructible types go in.
// Growth beyond the limit throws memory_exceeded, which the evaluator turns
// into an error of that evaluation; it never leaves the public functions.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "rego/error.hpp"

namespace rego {

/// Thrown by an arena that would grow beyond its limit.
struct memory_exceeded : bound_reached {
  memory_exceeded() : bound_reached{bound::memory} {}
};

/// Bump allocator with a limit in bytes.
class arena {
public:
  explicit arena(size_t limit = SIZE_MAX) : limit_(limit) {}
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;

  /// Bytes aligned for any value; throws memory_exceeded beyond the limit.
  void* allocate(size_t size) {
    size = (size + 15) & ~size_t{15};
    if (static_cast<size_t>(end_ - next_) < size)
      grow(size);
    auto* out = next_;
    next_ += size;
    return out;
  }

  /// Room for `count` objects of T, not initialised.
  template <class T>
  T* allocate_array(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count > SIZE_MAX / 2 / sizeof(T))
      throw memory_exceeded{};
    return static_cast<T*>(allocate(count * sizeof(T)));
  }

  /// Forgets everything but keeps the chunks for the next evaluation.
  void reset();

  /// Bytes in use, chunks counted whole.
  size_t used() const { return used_; }
  /// Bytes that may still be asked for.
  size_t room() const { return limit_ > used_ ? limit_ - used_ : 0; }
  void limit(size_t bytes) { limit_ = bytes; }

  /// Bytes in use elsewhere that count against the limit, until they are
  /// released; throws memory_exceeded beyond it.
  void hold(size_t bytes) {
    if (bytes > room())
      throw memory_exceeded{};
    used_ += bytes;
  }
  void release(size_t bytes) { used_ -= bytes; }

  /// From now on, until reset(), collections made here may have so many levels
  /// more than value_depth_max. Such are for to_json() alone, which does not
  /// recurse over them.
  void allow_deeper(uint16_t levels) { deeper_ = levels; }
  uint16_t deeper() const { return deeper_; }

private:
  struct chunk {
    std::unique_ptr<std::byte[]> bytes;
    size_t size;
  };
  void grow(size_t size);
  void enter(const chunk& c);

  std::byte* next_ = nullptr;
  std::byte* end_ = nullptr;
  size_t used_ = 0;
  size_t limit_;
  uint16_t deeper_ = 0;
  size_t current_ = 0; // index of the chunk after the one in use
  std::vector<chunk> chunks_;
};

} // namespace rego
