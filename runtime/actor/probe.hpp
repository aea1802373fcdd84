// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one message that every actor of a node understands besides its own:
// "are you well, really?". An actor takes it into its interface,
//
//   using signer_actor = caf::typed_actor<
//       ...,
//       caf::replies_to<probe>::with<probe_result>>;
//
// and answers it in its own handler, from what it knows or can try within a
// few milliseconds. HEALTH asks; the facts are what users see.

#include "runtime/actor/local_message.hpp"

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace acgs {

/// How well a component does its work.
enum class health_status : std::uint8_t {
  healthy,   ///< does all that it is for
  degraded,  ///< works, but something needs attention
  unhealthy, ///< does not do what it is for
};

inline constexpr std::array<std::string_view, 3> health_status_names{
    "healthy", "degraded", "unhealthy"};
static_assert(health_status_names.size()
              == static_cast<std::size_t>(health_status::unhealthy) + 1);

/// The name as users see it.
constexpr std::string_view to_string_view(health_status status) {
  return health_status_names[static_cast<std::size_t>(status)];
}

/// Asks a component to try itself.
struct probe {
  using local_message = void;
};

/// What a component found when it tried itself.
struct probe_result {
  health_status status = health_status::healthy;
  /// Figures as the text of one JSON object, for example {"free_bytes":1024}.
  std::string facts = "{}";
  /// One sentence on why the status is not healthy; else empty.
  std::string reason{};
  using local_message = void;
};

/// Any actor that can be probed: every typed handle whose interface holds the
/// handler converts to it.
using probed_actor =
    caf::typed_actor<caf::replies_to<probe>::with<probe_result>>;

} // namespace acgs
