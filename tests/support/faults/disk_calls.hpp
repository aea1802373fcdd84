// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The calls of the C library by which a program changes files, taken over: a
// program that links `disk_calls.cpp`, or has it preloaded, asks an observer
// before each of them. Without an observer nothing is different. Calls may
// come on any thread; an observer must not use any of these calls itself, but
// the kernel's (`syscall`).

#include <sys/types.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace acgs::test::faults {

enum class call_kind {
  open,
  write,
  pwrite,
  writev,
  pwritev,
  fsync,
  fdatasync,
  msync,
  ftruncate,
  mmap,
  rename,
  link,
  unlink,
  mkdir,
};

inline constexpr std::array<std::string_view, 14> call_names{
    "open",  "write",     "pwrite", "writev", "pwritev", "fsync",  "fdatasync",
    "msync", "ftruncate", "mmap",   "rename", "link",    "unlink", "mkdir"};

constexpr std::string_view to_string_view(call_kind what) {
  return call_names[static_cast<std::size_t>(what)];
}

/// One such call, seen before it is made.
struct disk_call {
  call_kind what;
  int file = -1;                ///< its descriptor; -1 where it names a path
  const char* path = nullptr;   ///< as the program gave it, where it did
  std::span<const iovec> parts; ///< what a write is to write
  off_t offset = -1;            ///< where; -1: where the descriptor stands
  const char* from = nullptr;   ///< the name before, of a rename
  int flags = 0;                ///< of an open

  /// Whether it writes bytes.
  bool writes() const {
    return what >= call_kind::write && what <= call_kind::pwritev;
  }
};

/// What happens instead of a call: nothing else, an error, or, for a write,
/// no more than its first half.
struct outcome {
  int error = 0;
  bool halved = false;
};

class observer {
public:
  /// Decides on a call; on the caller's thread.
  virtual outcome before(const disk_call& what) = 0;

  /// The call was made, not failed by us, and returned this.
  virtual void after(const disk_call& what, long returned) = 0;

protected:
  ~observer() = default;
};

/// From here on every call is shown to `who`, which may be null.
void watch(observer* who);

/// The path that a call is about, absolute.
std::string path_of(const disk_call& what);

/// A path as the program gave it, absolute.
std::string absolute(const char* path);

} // namespace acgs::test::faults
