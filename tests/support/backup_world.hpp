// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node's stores in memory with a log and a history, and backups of them as
// the node hands them out: block by block.

#include "actors/control/apply.hpp"
#include "actors/control/journal.hpp"
#include "actors/control/recorder.hpp"
#include "runtime/backup/file.hpp"
#include "runtime/backup/source.hpp"
#include "runtime/backup/tally.hpp"
#include "tests/support/sample_log.hpp"
#include "tests/support/scratch.hpp"

#include <merkle/checkpoint.hpp>

namespace acgs::test {

struct backup_world : sample_log {
  memory_disk state_disk;
  std::shared_ptr<memory_environment> state =
      std::make_shared<memory_environment>(state_disk);
  scratch_folder folder;
  control::journal journal{state};
  domain::control_state_ptr present = must(journal.recover()).state;
  backup::ring_reader ring; ///< what the backups hold of it

  /// A change of control state: `data/number` becomes the new revision. With
  /// its entry in the log where `logged`.
  void change(bool logged = true) {
    auto body = std::to_string(present->revision + 1);
    domain::command what;
    what.kind = domain::command_kind::put_data;
    what.name = "number";
    what.body = body;
    what.caller.subject = "alice";
    what.caller.role_ = domain::role::admin;
    wire::command command{what};
    present = must(control::apply(*present, *command));
    BOOST_REQUIRE(!journal.append(command, *present, 0));
    if (logged)
      log_change({present->revision, command});
  }

  void log_change(const control::history_item& of) {
    auto record =
        control::make_record(of, nullptr, "node-1", crypto::seal_payload);
    ledger::batch batch;
    batch.entries.push_back({record.entry, {}});
    batch.blobs = record.blobs;
    auto to = writer();
    must(std::move(must(to.write(batch)).entries.front()));
    auto text = *to.unsigned_checkpoint();
    BOOST_REQUIRE(to.sign(text, signer.sign(text)));
    BOOST_REQUIRE(!to.store_checkpoint());
  }

  std::string sign_text(std::string text) {
    auto by = signer.sign(text);
    return *merkle::format_note(
        {std::move(text),
         {{signer.key.name, signer.key.id, {by.begin(), by.end()}}}});
  }

  backup::source source() {
    return must(backup::source::open(*env, sample_origin, *state, ring));
  }

  /// The blocks of a backup; `meanwhile` is called after each.
  std::vector<bytes> blocks(const backup::base& from = {},
                            const std::function<void()>& meanwhile = {}) {
    auto in = source();
    auto plan = must(in.begin(must(view().checkpoint()), from));
    backup::tally sum;
    std::vector<bytes> out;
    for (backup::place at; !at.at_end();) {
      auto piece = must(in.read(plan, at));
      at = piece.next;
      if (!piece.block.empty()) {
        sum.add(piece.block);
        out.push_back(std::move(piece.block));
      }
      if (meanwhile)
        meanwhile();
    }
    auto note = sign_text(sum.finish(plan, 1'771'156'800'000'000'000));
    out.push_back(must(backup::make_block(backup::block_kind::manifest, 1,
                                          as_byte_view(note))));
    return out;
  }

  /// A backup in a file of the world's folder.
  std::filesystem::path write_backup(const std::string& name,
                                     const backup::base& from = {}) {
    auto path = folder.path() / name;
    auto to = must(backup::file_writer::create(path));
    BOOST_REQUIRE(!to.write(as_byte_view(backup::magic)));
    for (const auto& each : blocks(from))
      BOOST_REQUIRE(!to.write(each));
    BOOST_REQUIRE(!to.sync());
    BOOST_REQUIRE(!to.keep());
    return path;
  }

  /// Where a backup of the world ends now, as the base of the next.
  backup::base end() {
    auto now = view().head();
    return {now.size, now.root, present->revision, {}};
  }
};

} // namespace acgs::test
