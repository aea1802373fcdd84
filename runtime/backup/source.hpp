// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node's stores as the blocks of a backup, while others write to them. What
// is read is bounded by a size of the log and a revision of control state, and
// below those nothing changes: so each block is read in a short transaction of
// its own and all of them together show one moment. One long transaction would
// do so as well, but keep every page that is freed meanwhile from being used
// again.
//
// The log's size is taken before the state's revision: the history then holds
// every change that the log tells of. A change after that size is recorded
// again by a restored node when it starts.
//
// What opens payloads is in it only where that is asked for, and sealed: else a
// payload that is shredded here is shredded in every backup as well.

#include "runtime/backup/plan.hpp"
#include "runtime/store/log_view.hpp"

#include <functional>
#include <memory>
#include <string>

namespace acgs::backup {

/// Gives SIGNER's ring as it is on disk, `ring.json`: by what it tells, whoever
/// trusts one of the log's keys believes those that followed or came before.
using ring_reader = std::function<result<std::string>()>;

/// Reads the stores of one node. The environments outlive it.
class source {
public:
  /// Without `ring` the backups hold none.
  static result<source> open(store::environment& ledger, std::string origin,
                             store::environment& state, ring_reader ring = {});

  /// Plans a backup up to that signed checkpoint of this log, which must not be
  /// beyond it. Fails with `conflict` where the base is none of this node's.
  result<plan> begin(const std::string& checkpoint, const base& from);

  /// The block at a place. Fails as the store does.
  result<piece> read(const plan& of, const place& at);

  const store::log_tables& tables() const { return tables_; }

private:
  source(store::environment& ledger, store::log_tables tables,
         store::environment& state, store::table commands, ring_reader ring)
      : ledger_{&ledger}, tables_{std::move(tables)}, state_{&state},
        commands_{commands}, ring_{std::move(ring)} {
    // Reads when asked.
  }

  result<piece> read_edge(const plan& of, const place& at);
  result<piece> read_ring(const place& at);
  caf::error check_archived(const plan& of);

  store::environment* ledger_;
  store::log_tables tables_;
  store::environment* state_;
  store::table commands_;
  ring_reader ring_;
};

} // namespace acgs::backup
