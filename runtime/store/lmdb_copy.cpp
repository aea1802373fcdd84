// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/lmdb_copy.hpp"

#include "runtime/store/folder.hpp"
#include "runtime/store/lmdb_cut.hpp"
#include "runtime/store/lmdb_error.hpp"
#include "runtime/store/lmdb_transaction.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <string>

namespace acgs::store {

namespace {

namespace fs = std::filesystem;
using detail::lmdb_error;

constexpr unsigned tables_max = 128;

struct env_closer {
  void operator()(MDB_env* env) const { mdb_env_close(env); }
};
using env_ptr = std::unique_ptr<MDB_env, env_closer>;

result<env_ptr> open_reading(const fs::path& folder) {
  auto doing = "read " + folder.string();
  auto file = folder / "data.mdb";
  if (auto bad = detail::check_lmdb_begin(file))
    return bad;
  MDB_env* made = nullptr;
  if (auto code = mdb_env_create(&made); code != 0)
    return lmdb_error(code, doing);
  env_ptr out{made};
  detail::end_on_damaged_page(made);
  if (auto code = mdb_env_set_maxdbs(made, tables_max); code != 0)
    return lmdb_error(code, doing);
  if (auto code =
          mdb_env_open(made, folder.c_str(), MDB_RDONLY | MDB_NOTLS, 0600);
      code != 0)
    return lmdb_error(code, doing);
  if (auto bad = detail::check_lmdb_length(made, file))
    return bad;
  return out;
}

/// Records by table.
using counts = std::map<std::string, std::size_t>;

result<counts> count_records(MDB_env* in, const fs::path& folder) {
  auto doing = "read " + folder.string();
  MDB_txn* begun = nullptr;
  if (auto code = mdb_txn_begin(in, nullptr, MDB_RDONLY, &begun); code != 0)
    return lmdb_error(code, doing);
  detail::lmdb_txn txn{begun};
  MDB_dbi names = 0;
  MDB_cursor* at = nullptr;
  if (auto code = mdb_dbi_open(begun, nullptr, 0, &names); code != 0)
    return lmdb_error(code, doing);
  if (auto code = mdb_cursor_open(begun, names, &at); code != 0)
    return lmdb_error(code, doing);
  counts out;
  MDB_val key{};
  MDB_val value{};
  int code = 0;
  while ((code = mdb_cursor_get(at, &key, &value, MDB_NEXT)) == 0) {
    std::string name{static_cast<const char*>(key.mv_data), key.mv_size};
    MDB_dbi table = 0;
    MDB_stat stat{};
    code = mdb_dbi_open(begun, name.c_str(), 0, &table);
    if (code == 0)
      code = mdb_stat(begun, table, &stat);
    if (code != 0)
      break;
    out[name] = stat.ms_entries;
  }
  mdb_cursor_close(at);
  if (code != MDB_NOTFOUND)
    return lmdb_error(code, doing);
  return out;
}

/// The copy's file, synced.
caf::error write_copy(MDB_env* from, const fs::path& file) {
  int to = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  auto code = to < 0 ? errno : mdb_env_copyfd2(from, to, MDB_CP_COMPACT);
  if (code == 0 && ::fsync(to) != 0)
    code = errno;
  if (to >= 0)
    ::close(to);
  if (code == EEXIST)
    return make_error(ec::conflict, "'" + file.string() + "' is there already");
  if (code != 0)
    return lmdb_error(code, "write " + file.string());
  return {};
}

caf::error compare(const counts& wanted, const fs::path& copy) {
  auto env = open_reading(copy);
  if (!env)
    return env.error();
  auto got = count_records(env->get(), copy);
  if (!got)
    return got.error();
  return *got == wanted ? caf::error{}
                        : make_error(ec::store_corrupt,
                                     copy.string()
                                         + " has not the records of what it is "
                                           "a copy of");
}

} // namespace

caf::error copy_lmdb(const fs::path& from, const fs::path& to) {
  auto env = open_reading(from);
  if (!env)
    return env.error();
  auto wanted = count_records(env->get(), from);
  if (!wanted)
    return wanted.error();
  std::error_code failed;
  if (fs::create_directories(to, failed); !failed)
    fs::permissions(to, fs::perms::owner_all, failed);
  if (failed)
    return lmdb_error(failed.value(), "make the folder " + to.string());
  auto bad = write_copy(env->get(), to / "data.mdb");
  if (code_of(bad) == ec::conflict)
    return bad;
  if (!bad)
    bad = compare(*wanted, to);
  fs::remove(to / "lock.mdb", failed); // of the comparison
  if (!bad)
    return keep_folder(to);
  fs::remove(to / "data.mdb", failed);
  return bad;
}

std::uint64_t size_of_lmdb(const fs::path& folder) {
  std::error_code failed;
  auto size = fs::file_size(folder / "data.mdb", failed);
  return failed ? 0 : size;
}

caf::error compact_lmdb(const fs::path& folder) {
  auto beside = folder / "compact";
  std::error_code failed;
  fs::remove_all(beside, failed); // of one that was cut off
  auto bad = copy_lmdb(folder, beside);
  if (!bad) {
    fs::rename(beside / "data.mdb", folder / "data.mdb", failed);
    if (failed)
      bad = lmdb_error(failed.value(), "replace " + folder.string());
  }
  fs::remove_all(beside, failed);
  return bad ? bad : sync_folder(folder);
}

} // namespace acgs::store
