// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which log a node writes. Its origin is `cluster/node/epoch`, and under one
// origin and key there must never be two histories. So the file
// `log.<cluster>.<node>` beside the keys (runtime/store/log_mark.hpp) remembers
// the epoch and how far its log was signed: a store that was lost, rolled back
// or exchanged is refused at start, and who means to go on without what is gone
// begins the next epoch, which the new log's first entry says.

#include "runtime/config/settings.hpp"
#include "runtime/crypto/key_lock.hpp"
#include "runtime/store/log_mark.hpp"
#include "runtime/store/store.hpp"

#include <memory>
#include <string>

namespace acgs::node {

struct log_choice {
  std::string origin;
  std::shared_ptr<store::log_mark_file> mark; ///< to be kept up to date
};

/// The log to be written; on a first start the mark is made, and also, with a
/// warning, where it is gone. Before any actor.
/// Fails with `store_corrupt` where the store does not hold what was signed,
/// naming both sizes and the way on, and as the store and `read_log_mark` do.
result<log_choice> choose_log(const config::settings& settings,
                              store::environment& ledger);

/// Begins the next epoch and says so in a sentence; the node must not run. The
/// new log's first entry, `epoch_started`, has the old log's name, how far it
/// was signed and how much of it is left, and the reason (at most 500 bytes).
/// Fails with `invalid_argument` where no log was begun yet, and as
/// `open_stores`.
result<std::string>
begin_epoch(const config::settings& settings, const std::string& reason,
            std::shared_ptr<const crypto::key_lock> lock = nullptr);

} // namespace acgs::node
