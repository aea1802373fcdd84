// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// store version, store migrate, store check, store compact: on the folder of a
// node that does not run

#include "actors/shell/audit_offline.hpp"
#include "actors/shell/log_trust.hpp"
#include "actors/shell/progress.hpp"
#include "runtime/backup/store_check.hpp"
#include "runtime/process/delivered.hpp"
#include "runtime/process/in_child.hpp"
#include "runtime/store/maintenance.hpp"

#include <csignal>

namespace acgs::shell {

namespace {

namespace fs = std::filesystem;

fs::path data_of(invocation& in) {
  return in.has("data") ? in.value("data") : "./data";
}

fs::path folder_of(invocation& in) {
  return data_of(in) / "store";
}

void show(invocation& in, const std::vector<store::store_version>& all) {
  std::vector<row> rows;
  for (const auto& each : all)
    rows.push_back({{"store", text(each.name)},
                    {"version", number(std::uint64_t{each.stored})},
                    {"known", number(std::uint64_t{each.known})},
                    {"bytes", size(each.bytes)}});
  in.out().list(rows);
}

int show_versions(invocation& in) {
  auto all = store::read_versions(folder_of(in));
  if (!all)
    return in.fail(all.error());
  show(in, *all);
  for (const auto& each : *all)
    if (each.stored > each.known)
      return in.fail(
          make_error(ec::conflict, "the store '" + each.name
                                       + "' is newer than this program"));
  return 0;
}

int migrate(invocation& in) {
  auto folder = folder_of(in);
  if (!in.has("dry-run"))
    if (auto bad = store::migrate_stores(folder))
      return in.fail(bad);
  return show_versions(in);
}

using dropped_record = std::optional<store::unfinished_record>;

result<backup::checked_stores> check_all(invocation& in, const fs::path& folder,
                                         dropped_record& dropped) {
  auto versions = store::read_versions(folder);
  if (!versions)
    return versions.error();
  for (const auto& each : *versions)
    if (each.stored != each.known && each.name != "index")
      return make_error(ec::conflict, "the store '" + each.name
                                          + "' is of version "
                                          + std::to_string(each.stored)
                                          + (each.stored < each.known
                                                 ? "; migrate it first"
                                                 : ", of a newer program"));
  auto lock = store::folder_lock::take(folder);
  if (!lock)
    return lock.error();
  crypto::key_history keys;
  if (in.has("vkey")) {
    auto key = verifier_key_of(in.value("vkey"));
    if (!key)
      return key.error();
    auto list = list_given(in);
    if (!list)
      return list.error();
    auto all = keys_from(*key, *list);
    if (!all)
      return all.error();
    keys = std::move(*all);
  }
  auto ledger = store::open_whole(folder / "ledger",
                                  [&](const auto& each) { dropped = each; });
  if (!ledger)
    return ledger.error();
  auto state = store::open_whole(folder / "state");
  if (!state)
    return state.error();
  progress shown{in.out(), "checked", 0};
  auto checked =
      backup::check_stores(**ledger, **state, keys, [&](auto done, auto total) {
        shown.at(done, total);
      });
  if (!checked)
    return checked;
  if (auto bad =
          backup::check_marks(**ledger, data_of(in) / "keys", checked->logs))
    return bad;
  return checked;
}

std::string describe(const store::unfinished_record& dropped) {
  return "an unfinished record of " + std::to_string(dropped.size)
         + " bytes at byte " + std::to_string(dropped.at)
         + " of the write-ahead log was dropped; nothing in it was "
           "acknowledged, unless the disk changed it afterwards";
}

int check_here(invocation& in) {
  dropped_record dropped;
  auto found = check_all(in, folder_of(in), dropped);
  auto note = dropped ? describe(*dropped) : std::string{};
  if (!found && code_of(found.error()) == ec::store_corrupt)
    return not_verified(in, sentence_of(found.error())
                                + (dropped ? "; " + note : note));
  if (!found)
    return in.fail(found.error());
  for (const auto& log : found->logs) {
    row shown{{"verified", boolean(true)},
              {"origin", text(log.origin)},
              {"entries", number(log.size)},
              {"signed", log.was_signed ? number(*log.was_signed) : json("")},
              {"root", hex(byte_view{log.root})},
              {"archived", number(log.archived)},
              {"shredded", number(log.shredded)},
              {"keys_not_here", number(log.keys_not_here)},
              {"texts", number(found->texts)},
              {"revision", number(found->revision)}};
    if (dropped)
      shown.emplace_back("note", text(note));
    in.out().record(shown);
  }
  return 0;
}

/// In a process of its own: a damaged page of a store may end it.
int check(invocation& in) {
  in.out().flush();
  auto ended = process::in_child([&] {
    auto code = check_here(in);
    return process::delivered("error", code,
                              in.out().flush() ? 0 : in.out().lost());
  });
  if (!ended)
    return in.fail(ended.error());
  if (ended->signal == 0)
    return ended->code;
  auto folder = folder_of(in).string();
  auto by = "ended by signal " + std::to_string(ended->signal);
  for (int damage : {SIGSEGV, SIGBUS, SIGABRT})
    if (ended->signal == damage)
      return in.fail(make_error(
          ec::store_corrupt, "a store in " + folder + " is corrupt: reading it "
                                 + by + "; restore a backup"));
  return in.fail(make_error(ec::internal, "the check of " + folder + ' ' + by));
}

int compact(invocation& in) {
  auto all = store::compact_stores(folder_of(in));
  if (!all)
    return in.fail(all.error());
  std::vector<row> rows;
  for (const auto& each : *all)
    rows.push_back({{"store", text(each.name)},
                    {"before", size(each.before)},
                    {"after", size(each.after)}});
  in.out().list(rows);
  return 0;
}

} // namespace

std::vector<command> store_commands() {
  const parameter data{"--data", "the node's data folder, ./data where absent",
                       kind::file};
  return {
      {"store version",
       "Shows the schema versions of the stores",
       "acgs store version --data ./data",
       {data},
       false,
       show_versions},
      {"store migrate",
       "Brings the stores of a node that does not run to the newest versions; "
       "what they were is kept beside them",
       "acgs store migrate --dry-run",
       {data,
        {"--dry-run", "only show what there is", kind::free, false, true}},
       false,
       migrate},
      {"store check",
       "Checks every record of the stores of a node that does not run, and "
       "the log by what keys/log.CLUSTER.NODE in the data folder, where it is "
       "there, says was signed",
       "acgs store check --vkey log.vkey",
       {data,
        {"--vkey", "the log's verifier key, known from elsewhere, or a file",
         kind::file},
        {"--keys", "the log's list of keys, where its keys have changed",
         kind::file}},
       false,
       check},
      {"store compact",
       "Gives free pages of the stores of a node that does not run back",
       "acgs store compact --data ./data",
       {data},
       false,
       compact},
  };
}

} // namespace acgs::shell
