// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/stores.hpp"

#include "runtime/base/log.hpp"
#include "runtime/base/write_all.hpp"
#include "runtime/store/folder.hpp"
#include "runtime/store/lmdb.hpp"
#include "runtime/store/lmdb_error.hpp"
#include "runtime/store/maintenance.hpp"
#include "runtime/store/tables.hpp"
#include "runtime/store/wal_environment.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace acgs::store {

namespace {

namespace fs = std::filesystem;

const log::logger out{"store"};

std::string content_of(const fs::path& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string boot_id() {
  return content_of("/proc/sys/kernel/random/boot_id");
}

using environment_result = result<std::shared_ptr<environment>>;

environment_result open_environment(const fs::path& folder,
                                    std::uint64_t map_bytes, bool synced) {
  lmdb_options options;
  options.folder = folder;
  options.map_bytes = map_bytes;
  options.synced = synced;
  auto made = open_lmdb(options);
  if (!made)
    return made.error();
  return std::shared_ptr<environment>{std::move(*made)};
}

/// The schema is there, or the error says in which store it is not.
caf::error ensure(const fs::path& folder, environment& in,
                  const schema& expected) {
  auto bad = ensure_schema(in, expected);
  return bad ? make_error(code_of(bad),
                          folder.string() + ": " + sentence_of(bad))
             : caf::error{};
}

caf::error lost(const fs::path& which, std::string_view beside) {
  return make_error(ec::store_corrupt,
                    which.string() + " is empty, but the " + std::string{beside}
                        + " beside it is not: it was lost; put it back, or "
                          "go on without it by acgsd --new-epoch REASON");
}

/// Ledger and state belong together: with one gone, nobody would see what is
/// missing, and a new log would stand under the old one's name. The ledger is
/// made first, and LEDGER writes only once both are there.
caf::error check_pair(const fs::path& folder, environment& ledger,
                      environment& state) {
  if (ledger.fresh() && !state.fresh())
    return lost(folder / "ledger", "state");
  if (!state.fresh() || ledger.fresh())
    return {};
  auto used = ledger.find_table(blobs::name);
  if (!used)
    return used.error();
  return *used ? lost(folder / "state", "ledger") : caf::error{};
}

using wal_result = result<std::shared_ptr<wal_file>>;

/// Opens the write-ahead log and puts into the ledger what it holds: before
/// anybody reads.
wal_result take_up_wal_in(const fs::path& folder, std::uint64_t size,
                          environment& ledger) {
  auto file = open_wal_file(folder / "wal", size);
  if (!file)
    return file.error();
  if (auto bad = take_up_wal(ledger, **file))
    return make_error(code_of(bad), folder.string() + ": " + sentence_of(bad));
  return std::shared_ptr<wal_file>{std::move(*file)};
}

/// Goes on with what is in the ledger. What was in the way of the log's file is
/// set aside, for whoever can still read it.
wal_result begin_wal_again(const fs::path& folder, std::uint64_t size,
                           environment& ledger, const caf::error& why) {
  out.warning("the write-ahead log is set aside",
              {{"event", "wal_set_aside"}, {"reason", sentence_of(why)}});
  std::error_code failed;
  auto aside = folder / "wal.lost";
  for (int i = 2; fs::exists(aside, failed); ++i)
    aside = folder / ("wal.lost-" + std::to_string(i));
  fs::rename(folder / "wal", aside, failed);
  if (failed)
    return make_error(ec::store_io, "cannot set '" + (folder / "wal").string()
                                        + "' aside: " + failed.message());
  // For good: without its mark the ledger might take it for its own.
  if (auto bad = sync_folder(folder))
    return bad;
  if (auto bad = forget_wal(ledger))
    return bad;
  return take_up_wal_in(folder, size, ledger);
}

void throw_away(const fs::path& folder, std::string_view why) {
  out.warning("the index is built again",
              {{"event", "index_dropped"}, {"reason", why}});
  std::error_code failed; // opening says what is wrong
  fs::remove_all(folder, failed);
}

/// On disk before the index is touched.
caf::error begin_session(const fs::path& folder) {
  make_folder(folder);
  auto path = folder / "session";
  auto text = boot_id();
  int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool fine =
      file >= 0 && write_all(file, as_byte_view(text)) && ::fsync(file) == 0;
  auto bad = fine ? caf::error{} : detail::file_error("write", path);
  if (file >= 0)
    ::close(file);
  if (bad)
    return bad;
  // A machine that stops must not leave an index without its session.
  return sync_folder(folder);
}

} // namespace

result<std::shared_ptr<environment>> open_index(const fs::path& folder,
                                                std::uint64_t map_bytes) {
  auto session = folder / "session";
  if (fs::exists(session) && content_of(session) != boot_id())
    throw_away(folder, "the machine stopped while it was open");
  if (auto bad = begin_session(folder))
    return bad;
  auto make = [&]() -> environment_result {
    auto made = open_environment(folder, map_bytes, false);
    if (made)
      if (auto bad = ensure_schema(**made, index_schema()))
        return bad;
    return made;
  };
  auto opened = make();
  if (!opened) {
    throw_away(folder, sentence_of(opened.error()));
    if (auto bad = begin_session(folder))
      return bad;
    opened = make();
  }
  if (!opened)
    return opened.error();
  // The last owner to go closes cleanly.
  auto* kept = opened->get();
  return std::shared_ptr<environment>{
      kept, [owner = *opened, session](environment* env) mutable {
        bool clean = !env->sync();
        owner.reset();
        std::error_code ignored; // what stays is only built again
        if (clean)
          fs::remove(session, ignored);
      }};
}

result<stores> open_stores(const stores_options& options) {
  auto lock = folder_lock::take(options.folder);
  if (!lock)
    return lock.error();
  auto was_open = close_to_others(options.folder);
  if (!was_open)
    return was_open.error();
  for (const auto& each : *was_open)
    out.warning(each
                    + " and is set back to its owner's alone; whoever read it "
                      "may have what opens payloads, whoever wrote it may "
                      "have changed the log: acgs store check",
                {{"event", "store_was_open"}});
  for (const auto& each : {ledger_schema(), state_schema()})
    if (auto bad = migrate_environment(options.folder / each.kind, each))
      return bad;
  auto ledger =
      open_environment(options.folder / "ledger", options.map_bytes, true);
  if (!ledger)
    return ledger.error();
  if (auto bad = (*ledger)->secrets().check())
    return bad;
  auto state =
      open_environment(options.folder / "state", options.map_bytes, true);
  if (!state)
    return state.error();
  if (!options.one_may_be_lost)
    if (auto bad = check_pair(options.folder, **ledger, **state))
      return bad;
  if (auto bad = ensure(options.folder / "ledger", **ledger, ledger_schema()))
    return bad;
  if (auto bad = ensure(options.folder / "state", **state, state_schema()))
    return bad;
  auto wal =
      take_up_wal_in(options.folder / "ledger", options.wal_bytes, **ledger);
  if (!wal && options.one_may_be_lost
      && code_of(wal.error()) == ec::store_corrupt)
    wal = begin_wal_again(options.folder / "ledger", options.wal_bytes,
                          **ledger, wal.error());
  if (!wal)
    return wal.error();
  auto index = open_index(options.folder / "index", options.map_bytes);
  if (!index)
    return index.error();
  return stores{std::move(*lock), std::move(*ledger), std::move(*wal),
                std::move(*state), std::move(*index)};
}

} // namespace acgs::store
