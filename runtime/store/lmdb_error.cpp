// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/lmdb_error.hpp"

#include "runtime/base/exit_code.hpp"
#include "runtime/base/log.hpp"
#include "runtime/base/write_all.hpp"

#include <lmdb.h>
#include <unistd.h>

#include <cerrno>

namespace acgs::store::detail {

namespace {

ec code_of_lmdb(int code) {
  switch (code) {
  case MDB_MAP_FULL:
  case MDB_TXN_FULL:
  // From a sync as well: what the kernel may have dropped then belongs to the
  // transaction that is given up, and its pages are written again before
  // anything refers to them.
  case ENOSPC:
  case EDQUOT:
    return ec::store_full;
  case MDB_KEYEXIST:
    return ec::conflict;
  case MDB_READERS_FULL:
  case MDB_DBS_FULL:
  case ENOMEM:
    return ec::unavailable;
  case MDB_BAD_VALSIZE:
  case ENOTDIR:
  case EISDIR:
  case ELOOP:
  case ENAMETOOLONG:
    return ec::invalid_argument;
  case EACCES:
  case EPERM:
  case EROFS:
    return ec::forbidden;
  case MDB_CORRUPTED:
  case MDB_PAGE_NOTFOUND:
  case MDB_INVALID:
  case MDB_VERSION_MISMATCH:
  case MDB_INCOMPATIBLE:
  case MDB_CURSOR_FULL:
    return ec::store_corrupt;
  default:
    // EIO and whatever else a write or a sync may say; MDB_PANIC after one.
    return ec::store_io;
  }
}

/// Called by LMDB where one of its assertions fails, before it aborts.
void on_damaged_page(MDB_env* in, const char* found) {
  const char* folder = "";
  mdb_env_get_path(in, &folder);
  auto said =
      "the store " + std::string{folder} + " is corrupt: LMDB came upon a page "
      + "that is damaged (" + found
      + "); restore a backup (acgs restore) and see what holds by acgs store "
        "check, or, of the index, remove the folder: it is made again";
  log::logger{"store"}.error(said, {{"event", "store_corrupt"}});
  auto line = "error: " + said + '\n';
  (void)write_all(STDERR_FILENO, as_byte_view(line)); // nobody is left to tell
  ::_exit(exit_code_of(ec::store_corrupt));
}

} // namespace

void end_on_damaged_page(MDB_env* in) {
  mdb_env_set_assert(in, on_damaged_page);
}

caf::error lmdb_error(int code, const std::string& doing) {
  return make_error(code_of_lmdb(code),
                    "cannot " + doing + ": " + mdb_strerror(code));
}

caf::error file_error(const std::string& doing,
                      const std::filesystem::path& file) {
  return lmdb_error(errno, doing + ' ' + file.string());
}

} // namespace acgs::store::detail
