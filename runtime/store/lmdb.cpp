// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/lmdb.hpp"

#include "runtime/store/folder.hpp"
#include "runtime/store/lmdb_commit.hpp"
#include "runtime/store/lmdb_create.hpp"
#include "runtime/store/lmdb_cut.hpp"
#include "runtime/store/lmdb_error.hpp"
#include "runtime/store/lmdb_free.hpp"
#include "runtime/store/lmdb_transaction.hpp"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>

namespace acgs::store {

namespace {

namespace fs = std::filesystem;
using detail::lmdb_error;

class lmdb_environment final : public environment {
public:
  explicit lmdb_environment(fs::path folder)
      : folder_{std::move(folder)}, names_{folder_.string()}, secrets_{
                                                                  folder_
                                                                  / "secrets"} {
    // `open` makes it usable.
  }
  ~lmdb_environment() override { mdb_env_close(env_); }
  lmdb_environment(const lmdb_environment&) = delete;
  lmdb_environment& operator=(const lmdb_environment&) = delete;

  caf::error open(const lmdb_options& options);

  result<table> open_table(const std::string& name) override;
  result<std::optional<table>> find_table(const std::string& name) override;
  result<std::unique_ptr<read_transaction>> read() override {
    return detail::begin_read(env_, names_);
  }
  result<std::unique_ptr<write_transaction>> write() override {
    return detail::begin_write(env_, names_);
  }
  caf::error sync() override {
    if (auto code = mdb_env_sync(env_, 1); code != 0)
      return lmdb_error(code, "sync " + folder_.string());
    return {};
  }
  result<room> measure(std::uint64_t enough) override;
  vault& secrets() override { return secrets_; }
  bool fresh() const override { return fresh_; }

private:
  result<unsigned> open_id(const std::string& name, bool make);
  caf::error make_folder();

  fs::path folder_;
  detail::lmdb_names names_;
  file_vault secrets_;
  MDB_env* env_ = nullptr;
  bool fresh_ = false;
  std::mutex tables_mutex_;
  std::map<std::string, unsigned> tables_;
};

caf::error lmdb_environment::make_folder() {
  std::error_code failed;
  if (fs::create_directories(folder_, failed); !failed)
    fs::permissions(folder_, fs::perms::owner_all, failed);
  if (!failed)
    return {};
  return lmdb_error(failed.value(), "make the folder " + folder_.string());
}

caf::error lmdb_environment::open(const lmdb_options& options) {
  if (auto bad = make_folder())
    return bad;
  if (auto bad = detail::create_lmdb(folder_))
    return bad;
  auto file = folder_ / "data.mdb";
  if (auto bad = detail::check_lmdb_begin(file))
    return bad;
  auto check = [&](int code) {
    return code == 0 ? caf::error{}
                     : lmdb_error(code, "open " + folder_.string());
  };
  if (auto bad = check(mdb_env_create(&env_)))
    return bad;
  detail::end_on_damaged_page(env_);
  if (auto bad = check(mdb_env_set_mapsize(env_, options.map_bytes)))
    return bad;
  if (auto bad = check(mdb_env_set_maxreaders(env_, options.readers_max)))
    return bad;
  if (auto bad = check(mdb_env_set_maxdbs(env_, options.tables_max)))
    return bad;
  unsigned flags = MDB_NOTLS | (options.synced ? 0U : unsigned{MDB_NOSYNC});
  if (auto bad = check(mdb_env_open(env_, folder_.c_str(), flags, 0600)))
    return bad;
  int dead = 0; // readers that a killed process left behind
  if (auto bad = check(mdb_reader_check(env_, &dead)))
    return bad;
  if (auto bad = detail::check_lmdb_length(env_, file))
    return bad;
  MDB_stat stat;
  if (auto bad = check(mdb_env_stat(env_, &stat)))
    return bad;
  fresh_ = stat.ms_entries == 0;
  return fresh_ ? keep_folder(folder_) : caf::error{};
}

result<unsigned> lmdb_environment::open_id(const std::string& name, bool make) {
  std::lock_guard guard{tables_mutex_};
  if (auto at = tables_.find(name); at != tables_.end())
    return at->second;
  auto doing = "open the table " + name + " of " + folder_.string();
  MDB_txn* txn = nullptr;
  if (auto code = mdb_txn_begin(env_, nullptr, make ? 0 : MDB_RDONLY, &txn);
      code != 0)
    return lmdb_error(code, doing);
  detail::lmdb_txn owner{txn};
  MDB_dbi id = 0;
  auto code = mdb_dbi_open(txn, name.c_str(), make ? MDB_CREATE : 0, &id);
  if (code == MDB_NOTFOUND)
    return make_error(ec::not_found, "no table " + name);
  if (code != 0)
    return lmdb_error(code, doing);
  // Committing keeps the handle beyond the transaction, even a reading one.
  if (auto bad = detail::commit_lmdb(std::move(owner), names_.folder(), doing))
    return bad;
  tables_[name] = id;
  names_.add(id, name);
  return id;
}

result<table> lmdb_environment::open_table(const std::string& name) {
  // One that is there already waits for no writer.
  auto id = open_id(name, false);
  if (!id && code_of(id.error()) == ec::not_found)
    id = open_id(name, true);
  if (!id)
    return id.error();
  return table{*id};
}

result<std::optional<table>>
lmdb_environment::find_table(const std::string& name) {
  auto id = open_id(name, false);
  if (id)
    return std::optional{table{*id}};
  if (code_of(id.error()) == ec::not_found)
    return std::optional<table>{};
  return id.error();
}

result<room> lmdb_environment::measure(std::uint64_t enough) {
  MDB_envinfo info;
  MDB_stat stat;
  mdb_env_info(env_, &info);
  mdb_env_stat(env_, &stat);
  struct statvfs disk;
  if (::statvfs(folder_.c_str(), &disk) != 0)
    return lmdb_error(errno, "measure " + folder_.string());
  room out;
  out.map_bytes = info.me_mapsize;
  out.used_bytes = (info.me_last_pgno + 1) * stat.ms_psize;
  out.disk_free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (out.unused() < enough)
    out.reusable_bytes = detail::reusable_bytes(env_, enough - out.unused());
  return out;
}

} // namespace

result<std::unique_ptr<environment>> open_lmdb(const lmdb_options& options) {
  auto out = std::make_unique<lmdb_environment>(options.folder);
  if (auto bad = out->open(options))
    return bad;
  return std::unique_ptr<environment>{std::move(out)};
}

} // namespace acgs::store
