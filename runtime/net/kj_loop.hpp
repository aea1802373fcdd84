// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A kj event loop on a thread of its own, with its bridge to the actors.
// Whatever lives on the loop (servers, connections, capabilities) is made,
// used and destroyed there, through `execute`. Owned by a gateway.

#include "runtime/net/kj_bridge.hpp"

#include <kj/async-io.h>
#include <kj/function.h>

#include <mutex>
#include <string>
#include <thread>

namespace acgs::net {

class kj_loop {
public:
  /// What code on the loop has at hand.
  struct context {
    kj::AsyncIoContext& io;
    kj_bridge& bridge;
  };

  /// Starts the thread, which is named `name` (at most 15 characters), and
  /// returns when the loop turns.
  /// Throws kj::Exception where the system has no descriptors left.
  kj_loop(caf::actor_system& system, std::string name,
          kj_bridge_options options = {});

  /// Stops, if nobody did.
  ~kj_loop();
  KJ_DISALLOW_COPY(kj_loop);

  /// Runs `task` on the loop's thread and waits for it, from any other
  /// thread. A kj::Exception that the task throws becomes `internal` with its
  /// description; a loop that has stopped, `unavailable`.
  caf::error execute(kj::Function<void(context&)> task);

  /// Ends the loop and its thread; what is still on the loop must have been
  /// destroyed before, by `execute`. Calls that wait are dropped. From any
  /// other thread; again: nothing.
  void stop();

private:
  struct shared;

  std::shared_ptr<shared> shared_;
  std::mutex stopping_;
  std::thread thread_;
};

} // namespace acgs::net
