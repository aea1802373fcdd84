// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two messages that every actor of a node understands besides its own:
// "are you well, really?" and "what have you counted?". An actor takes them
// into its interface with `extend_with`:
//
//   using signer_actor =
//       caf::typed_actor<caf::replies_to<...>::with<...>>
//       ::extend_with<probed_actor>;
//
// and answers them in its own handlers, from what it knows or can measure
// within a few milliseconds; HEALTH and `acgs actors` ask.

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

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

/// What a component found when it tried itself.
struct probe_result {
  health_status status = health_status::healthy;
  /// Figures as the text of one JSON object, for example {"free_bytes":1024}.
  std::string facts = "{}";
  /// One sentence on why the status is not healthy; else empty.
  std::string reason;
};

/// What an actor has counted since it started.
struct stats_result {
  /// The text of one JSON object.
  std::string facts = "{}";
};

using probe_atom = caf::atom_constant<caf::atom("probe")>;
using stats_atom = caf::atom_constant<caf::atom("stats")>;

using probed_actor = caf::typed_actor<
    // Tries the component for real and says how well it is.
    caf::replies_to<probe_atom>::with<probe_result>,
    // Says what it has counted.
    caf::replies_to<stats_atom>::with<stats_result>>;

} // namespace acgs

namespace caf {

template <>
struct allowed_unsafe_message_type<acgs::probe_result> : std::true_type {};

template <>
struct allowed_unsafe_message_type<acgs::stats_result> : std::true_type {};

} // namespace caf
