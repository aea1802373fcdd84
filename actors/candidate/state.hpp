// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CANDIDATE's core: which decisions wait to be put to the candidate, one after
// the other, and the entry about each. Pure; the time is handed in.

#include "actors/candidate/protocol.hpp"
#include "actors/evaluator/protocol.hpp"
#include "actors/ledger/protocol.hpp"
#include "runtime/snapshot/snapshot.hpp"

#include <deque>
#include <optional>
#include <string>

namespace acgs::candidate {

/// One decision that is being tried.
struct trial {
  decided what;
  snapshot_ptr active; ///< with whose candidate
};

class state {
public:
  state(std::string node, std::size_t queue_max)
      : node_{std::move(node)}, queue_max_{queue_max} {}

  /// From now on tries this one's candidate; what waits for one that is gone
  /// is forgotten.
  void publish(snapshot_ptr now);

  /// Takes a decision in. False where too many wait. Where nothing is tried,
  /// it is passed over.
  bool add(decided what);

  /// The next one to be tried, which counts as under way until `done`.
  /// Nothing while one is, or where none waits.
  std::optional<trial> next();
  void done() { busy_ = false; }

  /// Whether the verdict would be another.
  static bool differs(const domain::decision& active,
                      const evaluator::seen& tried);

  /// What LEDGER is to record. It holds no input and no result, and nobody as
  /// its cause: it is for those who may read the whole log.
  ledger::append entry_of(const trial& of, const evaluator::seen& tried,
                          wall_time now) const;

  std::size_t waiting() const { return queue_.size(); }
  const snapshot_ptr& active() const { return active_; }

private:
  std::string node_;
  std::size_t queue_max_;
  snapshot_ptr active_; ///< null, or with a candidate that compiles
  std::deque<decided> queue_;
  bool busy_ = false;
};

} // namespace acgs::candidate
