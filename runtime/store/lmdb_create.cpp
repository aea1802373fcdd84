// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/lmdb_create.hpp"

#include "runtime/store/lmdb_error.hpp"

#include <lmdb.h>

#include <memory>

namespace acgs::store::detail {

namespace {

namespace fs = std::filesystem;

struct env_closer {
  void operator()(MDB_env* env) const { mdb_env_close(env); }
};

/// An environment is opened and closed; what it wrote is synced.
int write_empty(const fs::path& folder) {
  MDB_env* made = nullptr;
  if (auto code = mdb_env_create(&made); code != 0)
    return code;
  std::unique_ptr<MDB_env, env_closer> env{made};
  if (auto code = mdb_env_open(made, folder.c_str(), 0, 0600); code != 0)
    return code;
  return mdb_env_sync(made, 1);
}

} // namespace

caf::error create_lmdb(const fs::path& folder) {
  auto file = folder / "data.mdb";
  std::error_code failed;
  if (fs::exists(file, failed) || failed)
    return {}; // opening it says what is wrong
  auto beside = folder / "new";
  fs::remove_all(beside, failed); // of a start that was cut off
  if (fs::create_directory(beside, failed))
    fs::permissions(beside, fs::perms::owner_all, failed);
  auto code = failed ? failed.value() : write_empty(beside);
  if (code == 0) {
    fs::rename(beside / "data.mdb", file, failed);
    code = failed.value();
  }
  fs::remove_all(beside, failed);
  if (code != 0)
    return lmdb_error(code, "make a store in " + folder.string());
  return {};
}

} // namespace acgs::store::detail
