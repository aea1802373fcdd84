// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What IDENTITY is given when it starts.

#include "actors/control/protocol.hpp"
#include "actors/ledger/protocol.hpp"
#include "actors/signer/protocol.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/crypto/password.hpp"
#include "runtime/crypto/payload.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/metrics/registry.hpp"

#include <chrono>
#include <functional>

namespace acgs::identity {

struct config {
  std::string node; ///< its name, for ledger entries
  actor_ref<control_actor> control;
  actor_ref<signer_actor> signer;
  actor_ref<ledger_actor> ledger;
  acgs::metrics::registry* registry = nullptr;
  const time_source* time = &system_clock();
  id_maker* ids = nullptr;
  random_source random = crypto::random_fill;

  std::chrono::nanoseconds token_ttl = std::chrono::minutes{15};
  std::chrono::nanoseconds refresh_ttl = std::chrono::hours{12};
  unsigned login_attempts = 5;
  std::chrono::nanoseconds login_lock = std::chrono::minutes{15};
  crypto::password_cost cost;

  std::function<domain::sealed_payload(domain::payload_kind, byte_view)> seal =
      crypto::seal_payload;
};

} // namespace acgs::identity
