// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rules of supervision, after Erlang's, as a plain class: told what
// happened and when, it says what to do next. It owns no actor and no timer;
// `supervisor.hpp` is the actor around it.
//
// Children start in the order of their declaration and stop in the reverse
// order, one after the other, each within its deadline. A child that dies is
// started again according to its policy, at once the first time, then after a
// growing delay; more than `restarts_max` restarts within `restarts_window`
// end the whole family and are passed on to whoever supervises it.

#include "runtime/actor/backoff.hpp"
#include "runtime/actor/directory.hpp"
#include "runtime/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::supervision {

/// When a child that ended by itself is started again.
enum class restart_policy : std::uint8_t {
  permanent, ///< always
  transient, ///< unless it ended normally
  temporary, ///< never
};

/// Which children are started again when one of them ended.
enum class strategy : std::uint8_t {
  one_for_one,  ///< that one
  rest_for_one, ///< that one and all declared after it
};

struct child_rule {
  std::string name; ///< unique in the directory
  restart_policy restart = restart_policy::permanent;
  /// How long it may take to end when told to; then it is killed.
  std::chrono::nanoseconds stop_timeout = std::chrono::seconds{1};
};

struct limits {
  unsigned restarts_max = 5;
  std::chrono::nanoseconds restarts_window = std::chrono::seconds{30};
  /// Delays from the second restart on. A child that ran for a whole window
  /// begins anew.
  backoff restart_delay{};
};

/// What the owner is to do, at once.
struct action {
  enum class kind : std::uint8_t {
    start,    ///< start `child`; report `start_failed` where that fails
    stop,     ///< tell `child` to end
    kill,     ///< `child` missed its deadline: end it by force
    abandon,  ///< `child` did not even end by force; nobody waits any longer,
              ///< but no other takes its place before it is known to be dead
    give_up,  ///< all children are down; end with `state::failure`
    finished, ///< all children are down, as was asked for
  };
  kind what = kind::start;
  std::size_t child = 0;
};

/// How a child ended.
struct ending {
  bool normal = false;
  std::string reason;
};

class state {
public:
  state(strategy how, limits within, std::vector<child_rule> children,
        random_source random);

  /// All children are to run.
  void start_all(steady_time now);

  /// A child ended; told for every child that ran, asked to end or not.
  void died(std::size_t child, const ending& how, steady_time now);

  /// A `start` could not be carried out. On a child's first start the whole
  /// family gives up; later it counts as a death.
  void start_failed(std::size_t child, std::string reason, steady_time now);

  /// Ends a child (with `rest_for_one` also those after it) and starts it
  /// again; one that had stopped is only started, one that hangs not before it
  /// is dead. Does not count as a restart within the limit. False where the
  /// family is ending.
  bool restart(std::size_t child, steady_time now);

  /// All children are to end, the last started first.
  void stop_all();

  /// The next thing to do, or nothing. Call until it returns nothing after
  /// each of the above, and again at `next_due`.
  std::optional<action> next(steady_time now);

  /// When `next` will have something to do although nothing happened.
  std::optional<steady_time> next_due() const;

  /// The child of that name.
  std::optional<std::size_t> find(std::string_view name) const;

  const child_rule& rule_of(std::size_t child) const {
    return children_[child].rule;
  }

  /// How a child does; `parent` is left empty.
  actor_status status_of(std::size_t child) const;

  /// Why a child is started again.
  const std::string& reason_of(std::size_t child) const {
    return children_[child].reason;
  }

  /// How long after its death a child that waits is started again.
  std::chrono::nanoseconds delay_of(std::size_t child) const;

  std::size_t size() const { return children_.size(); }

  /// Why the family gives up; empty as long as it does not.
  const std::string& failure() const { return failure_; }

  bool ending_all() const { return ending_; }

private:
  enum class phase : std::uint8_t {
    stopped,
    waiting, ///< for its time to be started
    hung,    ///< abandoned, but not known to have ended
    running,
    told,   ///< to end
    killed, ///< by force, and not known to have ended
  };

  struct child {
    child_rule rule;
    phase now = phase::stopped;
    bool wanted = false;   ///< to run, once it may
    bool doomed = false;   ///< to end, once its turn comes
    unsigned failures = 0; ///< in a row
    unsigned restarts = 0;
    steady_time since{}; ///< of the phase
    steady_time due{};   ///< of the next step while waiting or ending
    std::string last_error;
    std::string reason; ///< of the latest restart
  };

  static bool alive(const child& c) { return c.now >= phase::running; }

  void enter(child& c, phase to, steady_time now);
  void doom_after(std::size_t index);
  void restart_later(std::size_t index, steady_time now);
  void give_up(std::string reason);
  std::optional<action> next_stop(steady_time now);
  std::optional<action> next_start(steady_time now);
  std::optional<action> next_end();
  bool may_start(std::size_t index) const;
  std::optional<std::size_t> last_doomed() const;

  strategy strategy_;
  limits limits_;
  std::vector<child> children_;
  random_source random_;
  std::deque<steady_time> restarts_; ///< within the window
  std::string failure_;
  bool ending_ = false;
  bool ended_ = false;
};

} // namespace acgs::supervision
