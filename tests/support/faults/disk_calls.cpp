// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Each function stands in for the C library's of that name and makes the
// system call itself, so that there is nothing to look up and nothing to
// recurse into. LMDB, libstdc++ and our own code call them by these names, and
// by those with 64, which are the same.
#undef _FILE_OFFSET_BITS // else the first names stand for the second

#include "tests/support/faults/disk_calls.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <vector>

namespace acgs::test::faults {

namespace {

std::atomic<observer*> watching{nullptr};

/// Makes the call as its observer wants it; `real` returns -1 and sets errno
/// where it fails.
template <class Real>
long make(const disk_call& what, const Real& real) {
  auto* who = watching.load(std::memory_order_acquire);
  if (who == nullptr)
    return real(false);
  auto decided = who->before(what);
  if (decided.error != 0) {
    errno = decided.error;
    return -1;
  }
  auto out = real(decided.halved);
  auto kept = errno;
  who->after(what, out);
  errno = kept;
  return out;
}

/// The first half of what a write is to write.
std::vector<iovec> half_of(std::span<const iovec> parts) {
  std::size_t left = 0;
  for (const auto& each : parts)
    left += each.iov_len;
  left /= 2;
  std::vector<iovec> out;
  for (const auto& each : parts) {
    auto length = each.iov_len < left ? each.iov_len : left;
    if (length > 0)
      out.push_back({each.iov_base, length});
    left -= length;
  }
  return out;
}

long write_parts(int file, std::span<const iovec> parts, off_t offset) {
  auto count = static_cast<long>(parts.size());
  if (offset < 0)
    return ::syscall(SYS_writev, file, parts.data(), count);
  return ::syscall(SYS_pwritev, file, parts.data(), count, offset, 0L);
}

long write_call(call_kind what, int file, std::span<const iovec> parts,
                off_t offset) {
  return make({what, file, nullptr, parts, offset}, [&](bool halved) {
    return halved ? write_parts(file, half_of(parts), offset)
                  : write_parts(file, parts, offset);
  });
}

iovec part(const void* from, std::size_t size) {
  return {const_cast<void*>(from), size};
}

} // namespace

void watch(observer* who) {
  watching.store(who, std::memory_order_release);
}

std::string absolute(const char* path) {
  std::string out{path != nullptr ? path : ""};
  if (out.starts_with('/'))
    return out;
  char text[PATH_MAX];
  auto size = ::syscall(SYS_getcwd, text, sizeof text);
  return size > 0 ? std::string{text} + '/' + out : out;
}

std::string path_of(const disk_call& what) {
  if (what.file < 0)
    return absolute(what.path);
  char name[64];
  std::snprintf(name, sizeof name, "/proc/self/fd/%d", what.file);
  char text[PATH_MAX];
  auto size = ::syscall(SYS_readlinkat, AT_FDCWD, name, text, sizeof text);
  return {text, size > 0 ? static_cast<std::size_t>(size) : 0};
}

} // namespace acgs::test::faults

using namespace acgs::test::faults;

namespace {

/// `mode` counts only where the call makes a file.
int open_call(int at, const char* path, int flags, mode_t mode) {
  disk_call what{call_kind::open, -1, path, {}, -1, nullptr, flags};
  return static_cast<int>(make(what, [&](bool) {
    return ::syscall(SYS_openat, at, path, flags, mode);
  }));
}

mode_t mode_in(int flags, va_list rest) {
  if ((flags & (O_CREAT | O_TMPFILE)) == 0)
    return 0;
  return static_cast<mode_t>(va_arg(rest, int));
}

int sync_call(call_kind what, long number, int file) {
  return static_cast<int>(make({what, file, nullptr, {}, -1},
                               [&](bool) { return ::syscall(number, file); }));
}

int path_call(call_kind what, const char* path, auto real) {
  return static_cast<int>(
      make({what, -1, path, {}, -1}, [&](bool) { return real(); }));
}

int truncate_call(int file, off_t size) {
  return static_cast<int>(
      make({call_kind::ftruncate, file, nullptr, {}, size},
           [&](bool) { return ::syscall(SYS_ftruncate, file, size); }));
}

void* mmap_call(void* at, std::size_t size, int access, int flags, int file,
                off_t offset) {
  auto real = [&](bool) {
    return ::syscall(SYS_mmap, at, size, access, flags, file, offset);
  };
  // Memory that is no file's is not our business.
  return reinterpret_cast<void*>(
      file < 0 ? real(false)
               : make({call_kind::mmap, file, nullptr, {}, offset}, real));
}

} // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  auto mode = mode_in(flags, rest);
  va_end(rest);
  return open_call(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  auto mode = mode_in(flags, rest);
  va_end(rest);
  return open_call(AT_FDCWD, path, flags, mode);
}

ssize_t write(int file, const void* from, std::size_t size) {
  auto one = part(from, size);
  return write_call(call_kind::write, file, {&one, 1}, -1);
}

ssize_t writev(int file, const iovec* parts, int count) {
  return write_call(call_kind::writev, file,
                    {parts, static_cast<std::size_t>(count)}, -1);
}

ssize_t pwrite(int file, const void* from, std::size_t size, off_t offset) {
  auto one = part(from, size);
  return write_call(call_kind::pwrite, file, {&one, 1}, offset);
}

ssize_t pwrite64(int file, const void* from, std::size_t size, off_t offset) {
  auto one = part(from, size);
  return write_call(call_kind::pwrite, file, {&one, 1}, offset);
}

ssize_t pwritev(int file, const iovec* parts, int count, off_t offset) {
  return write_call(call_kind::pwritev, file,
                    {parts, static_cast<std::size_t>(count)}, offset);
}

ssize_t pwritev64(int file, const iovec* parts, int count, off_t offset) {
  return write_call(call_kind::pwritev, file,
                    {parts, static_cast<std::size_t>(count)}, offset);
}

int fsync(int file) {
  return sync_call(call_kind::fsync, SYS_fsync, file);
}

int fdatasync(int file) {
  return sync_call(call_kind::fdatasync, SYS_fdatasync, file);
}

int msync(void* at, std::size_t size, int flags) {
  return path_call(call_kind::msync, "/",
                   [&] { return ::syscall(SYS_msync, at, size, flags); });
}

int ftruncate(int file, off_t size) noexcept {
  return truncate_call(file, size);
}

int ftruncate64(int file, off_t size) noexcept {
  return truncate_call(file, size);
}

void* mmap(void* at, std::size_t size, int access, int flags, int file,
           off_t offset) noexcept {
  return mmap_call(at, size, access, flags, file, offset);
}

void* mmap64(void* at, std::size_t size, int access, int flags, int file,
             off_t offset) noexcept {
  return mmap_call(at, size, access, flags, file, offset);
}

int rename(const char* from, const char* to) noexcept {
  disk_call what{call_kind::rename, -1, to, {}, -1, from};
  return static_cast<int>(
      make(what, [&](bool) { return ::syscall(SYS_rename, from, to); }));
}

int link(const char* from, const char* to) noexcept {
  return path_call(call_kind::link, to,
                   [&] { return ::syscall(SYS_link, from, to); });
}

int unlink(const char* path) noexcept {
  return path_call(call_kind::unlink, path,
                   [&] { return ::syscall(SYS_unlink, path); });
}

int remove(const char* path) noexcept {
  return path_call(call_kind::unlink, path, [&] {
    auto done = ::syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    return done == 0 || errno != EISDIR
               ? done
               : ::syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
  });
}

int mkdir(const char* path, mode_t mode) noexcept {
  return path_call(call_kind::mkdir, path,
                   [&] { return ::syscall(SYS_mkdir, path, mode); });
}

} // extern "C"
