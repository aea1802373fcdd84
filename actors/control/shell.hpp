// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What CONTROL's handlers share: the core, the journal, the commands that
// wait, the one that is being prepared, and the one that is on its way. Belongs
// to CONTROL's thread.

#include "actors/control/control.hpp"
#include "actors/control/journal.hpp"
#include "actors/control/key_keeper.hpp"
#include "actors/control/metrics.hpp"
#include "actors/control/state.hpp"
#include "runtime/actor/promise.hpp"

#include <deque>
#include <optional>
#include <set>
#include <vector>

namespace acgs::control {

class shell {
public:
  /// `start` must be called and have succeeded before anything else.
  shell(self_actor::pointer self, config cfg);
  ~shell();

  shell(const shell&) = delete;
  shell& operator=(const shell&) = delete;

  /// Takes up the store; what the ledger may lack is on its way afterwards.
  caf::error start();

  caf::result<applied> accept(const wire::command& what);
  caf::result<published> show();
  void subscribe(const control_listener& who);
  void forget(const caf::actor_addr& who);
  result<history> list(const get_history& which) const;
  probe_result check() const;
  key_keeper& keys() { return keys_; }

  /// The ticks.
  void try_ledger_again();
  void note_recorded();

private:
  struct waiting {
    wire::command command;
    promise<applied> answer;
    steady_time since;
    domain::shared_text archive = nullptr; ///< of a `put_bundle`
    std::optional<prepared> made = {};     ///< of one that changes content
  };
  /// The revision that is being recorded, and who waits for it.
  struct recording {
    record what;
    std::size_t blobs_left = 0;
    std::optional<waiting> asker;
  };

  void next();
  void carry_out(waiting asker);
  result<staged> stage(const waiting& asker) const;
  caf::error take_archive(waiting& asker);
  caf::error check_room(domain::command_kind kind) const;
  caf::error check_able() const;
  caf::error hold_to_log() const;
  void refuse(const waiting& asker, const caf::error& why);
  void refuse_all(const caf::error& why);

  void prepare_next();
  void prepare(waiting asker);
  void take_prepared(waiting asker, const preparation& what);
  void preparer_failed(const waiting& asker, const caf::error& why);
  void give_up(const caf::error& why);

  void begin_record(record what, std::optional<waiting> asker);
  void send_record();
  void send_entry();
  void recorded(std::uint64_t index);
  void not_recorded(const caf::error& why);
  void publish();
  void tell();

  self_actor::pointer self_;
  config cfg_;
  journal journal_;
  state core_;
  metrics counts_;
  key_keeper keys_;
  std::set<control_listener> subscribers_;
  std::deque<record> missing_; ///< found at start, to be recorded first
  std::deque<waiting> queue_;  ///< what can be staged
  std::deque<waiting> to_prepare_;
  bool preparing_ = false; ///< one is, or waits in `queue_` since it was
  std::shared_ptr<std::atomic<bool>> gone_ =
      std::make_shared<std::atomic<bool>>(false); ///< this is, and its preparer
  preparer_actor preparer_; ///< null: none yet, or the last one failed
  std::vector<promise<published>> awaiting_present_;
  std::optional<recording> recording_;
  std::uint64_t recorded_ = 0; ///< the ledger holds the entries up to here
  std::uint64_t noted_ = 0;    ///< and this is what the store says of it
  bool note_sent_ = false;
  bool ended_ = false;
  caf::error ledger_problem_; ///< why the ledger did not take the last entry
};

} // namespace acgs::control
