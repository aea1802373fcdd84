// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The control state that the gateway goes by, handed from the actor's thread
// to the loop's. Invariant: the revision never goes back.

#include "actors/control/protocol.hpp"
#include "runtime/auth/document_access.hpp"

#include <mutex>

namespace acgs::rpc_gateway {

class present {
public:
  void set(control::published next) {
    auto documents = documents_of(*next.state);
    std::lock_guard guard{mutex_};
    if (now_.state && next.state->revision < now_.state->revision)
      return;
    now_ = std::move(next);
    documents_ = std::move(documents);
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

  /// Where its base documents stand.
  auth::base_documents documents() const {
    std::lock_guard guard{mutex_};
    return documents_;
  }

private:
  /// Read outside the lock: large ones take their time.
  auth::base_documents documents_of(const domain::control_state& next) const {
    {
      std::lock_guard guard{mutex_};
      if (now_.state && now_.state->data == next.data)
        return documents_;
    }
    return auth::base_documents{next.data};
  }

  mutable std::mutex mutex_;
  control::published now_;
  auth::base_documents documents_;
};

} // namespace acgs::rpc_gateway
