// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/restore.hpp"

#include "runtime/store/folder.hpp"
#include "runtime/store/lmdb.hpp"
#include "runtime/store/lock.hpp"
#include "runtime/store/maintenance.hpp"
#include "runtime/store/tables.hpp"

#include <fcntl.h>
#include <stdio.h>

#include <cerrno>
#include <cstring>

namespace acgs::backup {

namespace {

namespace fs = std::filesystem;

/// The log that is there already.
struct present {
  std::optional<store::folder_lock> lock;
  store::log_head head;
  bool any = false; ///< there are stores
};

caf::error refused(const fs::path& to, const std::string& why) {
  return make_error(ec::conflict, "'" + to.string() + "' " + why, "to");
}

caf::error not_done(const std::string& doing, int code) {
  return make_error(ec::store_io,
                    "cannot " + doing + ": " + std::strerror(code));
}

/// What to do about stores that are not replaced.
std::string way_on(const fs::path& to) {
  return ". To go on from the backup all the same, stop the node, move '"
         + to.string()
         + "' away and restore again; where the node then says that more was "
           "signed, begin the next epoch of its log by acgsd --new-epoch "
           "REASON";
}

/// The head of the backup's log. Every other log there would be lost, however
/// short it is: a backup holds one.
result<store::log_head> find_head(store::environment& ledger,
                                  const std::string& origin) {
  auto of = store::ledger_schema();
  auto version = store::stored_version(ledger, of);
  if (!version)
    return version.error();
  if (auto newer = store::check_known(*version, of))
    return newer;
  auto origins = store::origins_in(ledger);
  if (!origins)
    return origins.error();
  store::log_head out;
  for (const auto& each : *origins) {
    auto log = store::log_view::open(ledger, each);
    if (!log)
      return log.error();
    if (each == origin)
      out = log->head();
    else if (log->head().size > 0)
      return make_error(ec::conflict,
                        "it holds a log of " + std::to_string(log->head().size)
                            + " entries of " + each + ", and the backup is of "
                            + origin + ": they would be lost");
  }
  return out;
}

result<store::log_head> read_head(const fs::path& folder,
                                  const std::string& origin) {
  auto ledger = store::open_whole(folder / "ledger");
  auto head = ledger ? find_head(**ledger, origin)
                     : result<store::log_head>{ledger.error()};
  if (head)
    return head;
  return make_error(code_of(head.error()),
                    "'" + folder.string() + "' is not replaced: "
                        + sentence_of(head.error()) + way_on(folder),
                    "to");
}

result<present> look_at(const restore_options& how, const extent& first) {
  present out;
  std::error_code failed;
  auto ledger = how.to / "ledger" / "data.mdb";
  auto state = how.to / "state" / "data.mdb";
  if (!fs::exists(ledger, failed) && !fs::exists(state, failed))
    return out;
  out.any = true;
  auto lock = store::folder_lock::take(how.to);
  if (!lock)
    return lock.error();
  out.lock.emplace(std::move(*lock));
  if (!how.replace)
    return refused(how.to, "holds stores; give --replace to set them aside, or "
                           "another folder");
  auto head = read_head(how.to, first.origin);
  if (!head)
    return head.error();
  out.head = *head;
  return out;
}

caf::error check_prefix(const fs::path& to, const present& there,
                        const restorer& made) {
  if (there.head.size > made.head().size)
    return refused(to, "holds a log of " + std::to_string(there.head.size)
                           + " entries, the backup gives "
                           + std::to_string(made.head().size)
                           + ": what it has beyond would be lost" + way_on(to));
  if (there.head.size > 0 && made.root_at() != there.head.root)
    return refused(to, "holds a log of " + std::to_string(there.head.size)
                           + " entries that is no part of the backup's"
                           + way_on(to));
  return {};
}

/// The new folder takes the place of the old one, in one step where the file
/// system can.
result<fs::path> swap_in(const restore_options& how, const fs::path& made,
                         bool replace) {
  if (!replace) {
    std::error_code failed;
    fs::remove(how.to / "store.lock", failed);
    fs::remove(how.to, failed); // an empty one; anything else is left
    if (::rename(made.c_str(), how.to.c_str()) != 0)
      return not_done("make '" + how.to.string() + "'", errno);
    return fs::path{};
  }
  auto aside = how.to;
  aside += how.aside;
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, how.to.c_str(),
                  RENAME_EXCHANGE)
      == 0) {
    if (::rename(made.c_str(), aside.c_str()) != 0)
      return not_done("set '" + how.to.string() + "' aside", errno);
    return aside;
  }
  if (::rename(how.to.c_str(), aside.c_str()) != 0)
    return not_done("set '" + how.to.string() + "' aside", errno);
  if (::rename(made.c_str(), how.to.c_str()) != 0)
    return not_done("make '" + how.to.string() + "'", errno);
  return aside;
}

/// Environments at a folder, closed again when this goes.
struct new_stores {
  std::unique_ptr<store::environment> ledger;
  std::unique_ptr<store::environment> state;

  static result<new_stores> make(const fs::path& at) {
    new_stores out;
    for (auto [name, to] :
         {std::pair{"ledger", &out.ledger}, std::pair{"state", &out.state}}) {
      store::lmdb_options options;
      options.folder = at / name;
      auto made = store::open_lmdb(options);
      if (!made)
        return made.error();
      *to = std::move(*made);
    }
    return out;
  }
};

/// Restores into a folder beside the one that is wanted.
result<restored> fill(const restore_options& how,
                      std::vector<file_reader>& files, const present& there,
                      const fs::path& at) {
  auto stores = new_stores::make(at);
  if (!stores)
    return stores.error();
  auto made = restorer::open(*stores->ledger, *stores->state,
                             files.front().what().of.origin, how.until);
  if (!made)
    return made.error();
  made->watch(there.head.size);
  checker with{how.keys};
  with.list = how.list;
  with.ring = newest_ring(how.files);
  with.progress = how.progress;
  if (!how.passphrase.empty())
    with.opens = std::make_shared<unsealer>(how.passphrase);
  for (auto& file : files)
    if (auto bad = with.check(file, &*made))
      return bad;
  if (auto bad = made->finish(with.holds()))
    return bad;
  if (auto bad = check_prefix(how.to, there, *made))
    return bad;
  return restored{with.holds().origin,
                  made->head().size,
                  with.holds().size,
                  made->revision(),
                  with.opens && with.opens->has_opened(),
                  made->ring(),
                  {}};
}

result<std::vector<file_reader>> open_files(const restore_options& how) {
  std::vector<file_reader> out;
  for (const auto& path : how.files) {
    auto file = file_reader::open(path);
    if (!file)
      return file.error();
    out.push_back(std::move(*file));
  }
  if (out.empty() || out.front().what().of.incremental())
    return make_error(ec::invalid_argument,
                      out.empty() ? "there is no backup to restore"
                                  : "'" + how.files.front().string()
                                        + "' goes on from an older backup, "
                                          "which must come before it",
                      "file");
  return out;
}

} // namespace

result<restored> restore(const restore_options& how) {
  auto files = open_files(how);
  if (!files)
    return files.error();
  auto there = look_at(how, files->front().what().of);
  if (!there)
    return there.error();
  auto beside = how.to;
  beside += ".restoring";
  std::error_code failed;
  fs::remove_all(beside, failed); // of a restore that was cut off
  auto done = fill(how, *files, *there, beside);
  if (done) {
    auto aside = swap_in(how, beside, there->any);
    if (aside)
      done->aside = std::move(*aside);
    else
      done = aside.error();
  }
  if (!done) {
    fs::remove_all(beside, failed);
    return done.error();
  }
  auto parent = fs::absolute(how.to, failed).parent_path();
  if (auto bad = store::keep_folder(parent))
    return bad;
  return done;
}

} // namespace acgs::backup
