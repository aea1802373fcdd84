// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HTTP_GATEWAY's own worker: shows policies as OPA's policy API does, with
// their syntax trees, which may be fifty times as long as the policies, on a
// thread that nobody waits for but who asked. Made by the gateway with the
// first such question and ended with it.

#include "runtime/actor/local_message.hpp"
#include "runtime/domain/control_state.hpp"

#include <caf/fwd.hpp>
#include <caf/typed_actor.hpp>

#include <string>
#include <vector>

namespace acgs::http_gateway {

/// Of one answer: JSON text of all trees, and the memory that each takes while
/// it is made. A policy whose tree goes beyond has null for it, and so have
/// those behind it.
struct tree_bounds {
  std::size_t text_bytes = std::size_t{64} << 20;
  std::size_t memory_bytes = std::size_t{1} << 30;
};

struct named_policy {
  std::string id;
  domain::policy_module module;
};

struct show_policies {
  std::vector<named_policy> each;
  using local_message = void;
};

/// A JSON object of each: {"id", "raw", "ast", "revision"}.
struct shown_policies {
  std::vector<std::string> each;
  using local_message = void;
};

using policy_trees_actor =
    caf::typed_actor<caf::replies_to<show_policies>::with<shown_policies>>;

shown_policies show(const show_policies& what, const tree_bounds& most = {});

/// With a thread of its own.
policy_trees_actor spawn_policy_trees(caf::actor_system& system);

} // namespace acgs::http_gateway
