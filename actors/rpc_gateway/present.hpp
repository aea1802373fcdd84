// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The control state that the gateway goes by, handed from the actor's thread
// to the loop's. Invariant: the revision never goes back.

#include "actors/control/protocol.hpp"

#include <mutex>

namespace acgs::rpc_gateway {

class present {
public:
  void set(control::published next) {
    std::lock_guard guard{mutex_};
    if (!now_.state || next.state->revision >= now_.state->revision)
      now_ = std::move(next);
  }

  /// Empty members before the first state is known.
  control::published get() const {
    std::lock_guard guard{mutex_};
    return now_;
  }

  domain::control_state_ptr state() const {
    std::lock_guard guard{mutex_};
    return now_.state;
  }

private:
  mutable std::mutex mutex_;
  control::published now_;
};

} // namespace acgs::rpc_gateway
