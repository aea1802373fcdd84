// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/maintenance.hpp"

#include "runtime/store/folder.hpp"
#include "runtime/store/lmdb.hpp"
#include "runtime/store/lmdb_copy.hpp"
#include "runtime/store/tables.hpp"

namespace acgs::store {

namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& folder) {
  std::error_code failed;
  return fs::exists(folder / "data.mdb", failed);
}

result<std::unique_ptr<environment>> open(const fs::path& folder) {
  lmdb_options options;
  options.folder = folder;
  return open_lmdb(options);
}

caf::error in_folder(const fs::path& folder, const caf::error& why) {
  return make_error(code_of(why), folder.string() + ": " + sentence_of(why));
}

/// Closed again when this returns.
result<unsigned> version_at(const fs::path& folder, const schema& of) {
  auto env = open(folder);
  if (!env)
    return env.error();
  auto version = stored_version(**env, of);
  if (!version)
    return in_folder(folder, version.error());
  return version;
}

/// A copy of what is about to be migrated; one of an earlier attempt goes.
caf::error keep_old(const fs::path& folder, unsigned version) {
  auto aside = folder;
  aside += ".v" + std::to_string(version);
  auto beside = aside;
  beside += ".part";
  std::error_code failed;
  fs::remove_all(beside, failed);
  if (auto bad = copy_lmdb(folder, beside))
    return bad;
  // What it holds beyond the store is a part of it.
  fs::copy_file(folder / "wal", beside / "wal", failed);
  if (failed && failed != std::errc::no_such_file_or_directory)
    return make_error(ec::store_io, "cannot copy '" + (folder / "wal").string()
                                        + "': " + failed.message());
  if (!failed)
    if (auto bad = keep_file(beside / "wal"))
      return bad;
  fs::remove_all(aside, failed);
  fs::rename(beside, aside, failed);
  if (failed)
    return make_error(ec::store_io, "cannot make '" + aside.string()
                                        + "': " + failed.message());
  return sync_folder(aside.parent_path());
}

caf::error no_stores(const fs::path& folder) {
  return make_error(ec::not_found,
                    "there are no stores in '" + folder.string() + "'");
}

} // namespace

result<std::unique_ptr<environment>> open_whole(const fs::path& folder,
                                                const tell_unfinished& tell) {
  auto env = open(folder);
  if (!env)
    return env;
  std::error_code failed;
  caf::error bad;
  if (fs::exists(fs::symlink_status(folder / "wal", failed))) {
    auto file = open_wal_file(folder / "wal");
    bad = file ? take_up_wal(**env, **file, tell) : file.error();
  } else {
    bad = check_without_wal(**env);
  }
  if (bad)
    return in_folder(folder, bad);
  return env;
}

result<std::vector<store_version>> read_versions(const fs::path& folder) {
  if (!is_there(folder / "ledger") && !is_there(folder / "state"))
    return no_stores(folder);
  std::vector<store_version> out;
  for (const auto& each : {ledger_schema(), state_schema(), index_schema()}) {
    auto at = folder / each.kind;
    if (!is_there(at))
      continue;
    auto version = version_at(at, each);
    if (!version)
      return version.error();
    out.push_back({each.kind, *version, each.version, size_of_lmdb(at)});
  }
  return out;
}

caf::error migrate_environment(const fs::path& folder, const schema& to) {
  if (!is_there(folder))
    return {};
  auto version = version_at(folder, to);
  if (!version)
    return version.error();
  if (*version == 0 || *version == to.version)
    return {};
  if (*version < to.version) {
    // In its old form, before the migration: closed again for the copy.
    if (auto whole = open_whole(folder); !whole)
      return whole.error();
    if (auto bad = keep_old(folder, *version))
      return bad;
  }
  auto env = open(folder);
  if (!env)
    return env.error();
  auto bad = ensure_schema(**env, to);
  return bad ? in_folder(folder, bad) : caf::error{};
}

caf::error migrate_stores(const fs::path& folder) {
  if (!is_there(folder / "ledger") && !is_there(folder / "state"))
    return no_stores(folder);
  auto lock = folder_lock::take(folder);
  if (!lock)
    return lock.error();
  for (const auto& each : {ledger_schema(), state_schema()})
    if (auto bad = migrate_environment(folder / each.kind, each))
      return bad;
  return {};
}

result<std::vector<compacted>> compact_stores(const fs::path& folder) {
  if (!is_there(folder / "ledger") && !is_there(folder / "state"))
    return no_stores(folder);
  auto lock = folder_lock::take(folder);
  if (!lock)
    return lock.error();
  std::vector<compacted> out;
  for (const auto& each : {ledger_schema(), state_schema()}) {
    auto at = folder / each.kind;
    if (!is_there(at))
      continue;
    // Not what another program made.
    auto version = version_at(at, each);
    if (!version)
      return version.error();
    if (auto newer = check_known(*version, each))
      return in_folder(at, newer);
    if (auto whole = open_whole(at); !whole)
      return whole.error();
    auto before = size_of_lmdb(at);
    if (auto bad = compact_lmdb(at))
      return bad;
    out.push_back({each.kind, before, size_of_lmdb(at)});
  }
  return out;
}

} // namespace acgs::store
