// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/lmdb_error.hpp"

#include <lmdb.h>

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

} // namespace

caf::error lmdb_error(int code, const std::string& doing) {
  return make_error(code_of_lmdb(code),
                    "cannot " + doing + ": " + mdb_strerror(code));
}

caf::error file_error(const std::string& doing,
                      const std::filesystem::path& file) {
  return lmdb_error(errno, doing + ' ' + file.string());
}

} // namespace acgs::store::detail
