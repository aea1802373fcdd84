// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/lmdb_commit.hpp"

#include "runtime/base/write_all.hpp"
#include "runtime/store/lmdb_error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace acgs::store::detail {

namespace {

/// What a write is told that has no room here, or 0 where there is some. The
/// disk is asked by writing to it: what it says to be free knows of no quota,
/// nor of what a file system keeps for itself.
int lack_of_room(const std::filesystem::path& folder) {
  constexpr std::size_t enough = std::size_t{1} << 20;
  auto path = folder / "room";
  int file =
      ::open(path.c_str(),
             O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  bool fits = file >= 0 && write_all(file, bytes(enough));
  auto why = fits ? 0 : errno;
  if (file >= 0) {
    ::unlink(path.c_str());
    ::close(file);
  }
  return why == ENOSPC || why == EDQUOT ? why : 0;
}

/// Not after the page could not be written that makes the others count: then
/// nobody knows which of the two it is, and LMDB refuses every transaction.
bool can_go_on(MDB_env* with) {
  MDB_txn* begun = nullptr;
  if (mdb_txn_begin(with, nullptr, MDB_RDONLY, &begun) != 0)
    return false;
  mdb_txn_abort(begun);
  return true;
}

} // namespace

caf::error commit_lmdb(lmdb_txn what, const std::string& folder,
                       const std::string& doing) {
  auto* in = mdb_txn_env(what.get());
  errno = 0;
  // LMDB frees the transaction whatever happens.
  auto code = mdb_txn_commit(what.release());
  if (code == 0)
    return {};
  // An error that no call has set is LMDB's own word for a part of a write; a
  // disk that fails, in a write or a sync, has set it. What was written of the
  // transaction is of pages that nothing refers to, and is written again.
  if (code == EIO && errno == 0 && can_go_on(in))
    if (auto why = lack_of_room(folder); why != 0)
      code = why;
  return lmdb_error(code, doing);
}

} // namespace acgs::store::detail
