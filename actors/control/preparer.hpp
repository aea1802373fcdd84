// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CONTROL's own worker: prepares commands of content, one at a time, on a
// thread that nobody waits for but who sent the command. Made by CONTROL with
// the first of them, ended with it, and made anew where it failed.

#include "actors/control/preparation.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/store/store.hpp"

#include <caf/typed_actor.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

namespace acgs::control {

struct prepare_command {
  basis upon;
  wire::command command;
  domain::shared_text archive; ///< of a `put_bundle`
  wall_time now;
  using local_message = void;
};

/// What came of it. That a command is refused is an answer; an error in its
/// stead says that the worker itself failed.
struct preparation {
  std::optional<prepared> done;
  caf::error refusal; ///< why not
  using local_message = void;
};

using preparer_actor =
    caf::typed_actor<caf::replies_to<prepare_command>::with<preparation>>;

struct preparer_config {
  constitution_aliases aliases;
  rego::bundle::verification bundle_keys;
  std::shared_ptr<store::environment> store;        ///< read for archives
  std::shared_ptr<store::environment> ledger_store; ///< as well; may be null
  /// Set from any thread: what is being compiled ends with an error.
  std::shared_ptr<const std::atomic<bool>> ended;
};

/// Reads archives of bundles, and checks by today's keys those that are put or
/// activated.
preparer_actor::behavior_type preparer(preparer_actor::pointer self,
                                       preparer_config cfg);

/// Makes a worker.
using preparer_maker =
    std::function<preparer_actor(caf::actor_system&, preparer_config)>;

/// With a thread of its own.
preparer_actor spawn_preparer(caf::actor_system& system, preparer_config cfg);

} // namespace acgs::control
