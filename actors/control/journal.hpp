// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CONTROL's memory, the store `state/`: every command for ever, and now and
// then the state that they led to, so that a start applies only the commands
// since. Belongs to CONTROL's thread. Tables (runtime/store/tables/state.hpp):
//   commands  revision -> the command
//   commands_by_name  see history_index.hpp
//   applied   "state" -> SHA-256 (32 bytes) || schemas/control_state.capnp
//             "head" -> the last revision (8 bytes)
//             "recorded" -> the revision up to which the ledger is known to
//             hold the entries (8 bytes); it may lag, never lead
//   bundles   digest -> an archive. One is written with its command; those that
//             state knows no more go when a state is stored, since until then
//             a start applies commands that may need them.
// Invariant: `commands` has no gap and ends at `head`; neither the state nor
// `recorded` is beyond it. What contradicts this is reported as
// `store_corrupt` and left as it is.

#include "actors/control/archives.hpp"
#include "actors/control/history_index.hpp"
#include "actors/control/protocol.hpp"
#include "runtime/store/store.hpp"
#include "runtime/store/told_history.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace acgs::control {

/// What a start finds.
struct recovered {
  domain::control_state_ptr state;
  std::uint64_t recorded = 0;
  /// The commands whose ledger entries may be missing, oldest first.
  std::vector<history_item> unrecorded;
};

class journal {
public:
  /// `ledger` keeps archives of bundles that `in` has no more; may be null.
  explicit journal(std::shared_ptr<store::environment> in,
                   std::shared_ptr<store::environment> ledger = nullptr);

  /// Opens the tables and rebuilds the state. Fails with `store_corrupt`,
  /// naming the revision, and with the store's own errors.
  /// `bundles` opens archives, which `archive` gives meanwhile.
  result<recovered> recover(const bundle_source& bundles = {});

  /// Fails with `store_corrupt` where the history is not the one that a log
  /// tells of, naming the revision.
  caf::error hold_to(const store::told_history& told) const;

  /// Makes one command durable. `led_to` is the state after it; `recorded` is
  /// written along. Fails with `store_full` (nothing was written) or
  /// `store_io` (end the process).
  caf::error append(const wire::command& what,
                    const domain::control_state& led_to, std::uint64_t recorded,
                    const std::string* archive = nullptr);

  /// The archive of a digest in hexadecimal, as `archives::find` has it.
  result<domain::shared_text> archive(std::string_view digest) const {
    return archives_.find(digest);
  }

  /// Notes that the ledger holds the entries up to this revision.
  caf::error note_recorded(std::uint64_t recorded);

  /// The commands that are asked for, newest first. Password hashes are left
  /// out. Looks at no more commands than it answers.
  result<history> list(const get_history& which) const;

  /// How much room there is, counted as `store::environment::measure` does.
  result<store::room> room(std::uint64_t enough) const {
    return in_->measure(enough);
  }

private:
  caf::error open();
  caf::error replay(store::cursor& at, std::uint64_t last,
                    const bundle_source& bundles, recovered& into);
  result<domain::shared_text> archive_of(const wire::command& what) const;
  caf::error forget_bundles(store::write_transaction& to,
                            const domain::control_state& state);
  caf::error put_state(store::write_transaction& to,
                       const domain::control_state& state);

  std::shared_ptr<store::environment> in_;
  archives archives_;
  store::table commands_;
  store::table applied_;
  store::table bundles_;
  history_index names_;
  /// How much applying what came after the stored state would cost.
  std::uint64_t commands_since_ = 0;
  std::uint64_t bytes_since_ = 0;
};

} // namespace acgs::control
