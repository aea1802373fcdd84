// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HTTP_GATEWAY's own worker: reads bodies in YAML, which takes far longer than
// JSON does, on a thread of its own. Made by the gateway with the first of them
// and ended with it.

#include "runtime/actor/local_message.hpp"

#include <caf/fwd.hpp>
#include <caf/typed_actor.hpp>

#include <string>

namespace acgs::http_gateway {

/// A longer body is to be JSON.
inline constexpr std::size_t yaml_bytes_max = std::size_t{1} << 20;

struct read_yaml {
  std::string text;
  using local_message = void;
};

struct json_body {
  std::string text;
  using local_message = void;
};

using yaml_reader_actor = caf::typed_actor<
    /// Fails with `invalid_argument`, or `too_large`.
    caf::replies_to<read_yaml>::with<json_body>>;

/// With a thread of its own.
yaml_reader_actor spawn_yaml_reader(caf::actor_system& system);

} // namespace acgs::http_gateway
