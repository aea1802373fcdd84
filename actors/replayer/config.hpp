// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What REPLAYER is given. How a decision is made and what control state was at
// a revision is other actors' business; NODE hands both in.

#include "runtime/base/clock.hpp"
#include "runtime/domain/decision.hpp"
#include "runtime/snapshot/snapshot.hpp"
#include "runtime/store/archived.hpp"
#include "runtime/store/store.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace acgs::replayer {

/// A decision as it was asked for.
struct past_question {
  domain::decide_request request; ///< without its input, as its entry has it
  std::string_view detail;        ///< sealed: more of what was asked
  std::string_view input;         ///< as it was evaluated, with the caller
  std::string_view recorded;      ///< what it saw of the world
  std::int64_t time_nanos = 0;    ///< when it was recorded
};

/// What it comes to now.
struct remade {
  domain::verdict outcome = domain::verdict::none;
  std::string text; ///< the result, or the error; empty where undefined
};

/// Makes decisions again, for one thread.
using decider =
    std::function<result<remade>(const past_question&, const snapshot_ptr&)>;

struct config {
  std::shared_ptr<store::environment> ledger;
  std::string origin;
  std::shared_ptr<const store::archived_log> archive; ///< may be none
  constitution_aliases aliases; ///< where the history knows none

  /// Control state at a revision; one thread at a time.
  std::function<result<domain::control_state_ptr>(std::uint64_t)> state_at;

  /// Called once a worker.
  std::function<decider()> make_decider;

  /// Threads that decide, at the lowest priority.
  unsigned workers = 1;

  /// How long one answer may take before it says where to go on.
  std::chrono::nanoseconds step_max = std::chrono::seconds{2};

  const time_source* time = &system_clock();
};

} // namespace acgs::replayer
