// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rules of a circuit breaker, as a plain class: asked before each call and
// told after it, on one thread, with the time handed in.
//
//   closed ── a rate reaches its threshold ──> open
//   open ── first call after the wait ──> half-open
//   half-open ── the permitted calls went well ──> closed
//             ── they did not ──> open, with twice the wait
//
// A call that was permitted in one state says nothing about a later one: its
// outcome is ignored once the state has changed. A far side that says 429 is
// not broken: that counts neither as success nor as failure. When it says for
// how long (`Retry-After`), nobody is let through until then.

#include "actors/breaker/config.hpp"
#include "actors/breaker/protocol.hpp"
#include "actors/breaker/window.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace acgs::breaker {

/// The right to make one call; handed back with its outcome.
struct permit {
  std::uint64_t generation = 0; ///< of the breaker's state
};

/// Why a call may not be made.
struct refusal {
  bool throttled = false; ///< the far side asked for a pause; else: broken
  std::chrono::nanoseconds retry_after{0};
};

/// How a call ended.
enum class outcome : std::uint8_t {
  succeeded,
  failed,
  throttled, ///< 429: neither, see above
  ignored,   ///< says nothing about the far side, for example cancelled
};

class state {
public:
  state(const config& cfg, random_source random, steady_time now);

  /// May a call be made? Either a permit, or `why` is set. A wait that is over
  /// moves the breaker to half-open.
  std::optional<permit> acquire(steady_time now, refusal& why);

  /// Tells how a permitted call ended, and how long it took. With a
  /// `Retry-After`, whether it failed or was throttled, nobody is let through
  /// until then.
  void record(permit of, outcome how, std::chrono::nanoseconds took,
              steady_time now,
              std::optional<std::chrono::nanoseconds> retry_after = {});

  /// Opens it by hand, with the usual wait.
  void trip(const std::string& why, steady_time now);

  /// Opens it until it is reset.
  void force_open(const std::string& why, steady_time now);

  /// Closes it and forgets all that was counted.
  void reset(const std::string& why, steady_time now);

  /// The change that the last call of a method made, if any. Taken once.
  std::optional<change> take_change();

  mode now() const { return mode_; }
  figures at(steady_time now);

private:
  void enter(mode to, std::string reason, steady_time now);
  void open(std::string reason, steady_time now);
  void judge(steady_time now);
  std::optional<std::string> verdict(const totals& counted) const;
  std::chrono::nanoseconds remaining(steady_time now) const;
  void hold(std::chrono::nanoseconds time, steady_time now);
  window& current() { return mode_ == mode::half_open ? trial_ : window_; }

  config cfg_;
  random_source random_;
  window window_;
  window trial_;
  mode mode_ = mode::closed;
  bool forced_ = false;
  std::uint64_t generation_ = 0;
  std::size_t permits_ = 0; ///< left to give in the half-open state
  unsigned reopened_ = 0;   ///< times in a row that a trial failed
  steady_time open_until_{};
  steady_time held_until_{}; ///< by a Retry-After
  steady_time since_{};
  std::uint64_t refused_ = 0;
  std::uint64_t opened_ = 0;
  std::optional<change> change_;
};

} // namespace acgs::breaker
