// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a supervisor actor holds: the rules' state and the handles that go with
// it. Carries out the actions of `supervision::state`. Included only by the
// supervisor itself and by those who spawn one.

#include "runtime/actor/promise.hpp"
#include "runtime/actor/supervisor.hpp"

#include <caf/actor_addr.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace acgs {

class supervisor_state {
public:
  using pointer = supervisor_actor::pointer;

  static inline const char* name = "supervisor";

  explicit supervisor_state(pointer self);

  /// However the supervisor ends, no child outlives it.
  ~supervisor_state();

  supervisor_state(const supervisor_state&) = delete;
  supervisor_state& operator=(const supervisor_state&) = delete;

  void begin(supervisor_config config);
  void child_ended(const caf::actor_addr& who, const caf::error& reason);
  result<void> restart(const std::string& child);
  void stop(promise<void> asker);
  void end_with(caf::error reason);
  void ticked();
  std::vector<actor_row> rows() const;

  /// Carries out what is to be done, then sets the timer for what comes later.
  void work();

private:
  void perform(const supervision::action& todo);
  void start(std::size_t child);
  void start_failed(std::size_t child, const caf::error& why);
  void finish(caf::error reason);
  void send_exit(std::size_t child, caf::exit_reason reason);
  void note(std::size_t child);
  void tell(supervisor_event::kind what, std::size_t child, std::string reason);
  void set_timer();
  steady_time now() const { return config_.clock->steady_now(); }

  pointer self_;
  supervisor_config config_;
  std::optional<supervision::state> rules_;
  std::vector<caf::strong_actor_ptr> handles_;
  std::map<caf::actor_addr, std::size_t> running_;
  std::vector<promise<void>> stop_askers_;
  caf::error end_reason_;
  std::optional<steady_time> timer_;
};

} // namespace acgs
