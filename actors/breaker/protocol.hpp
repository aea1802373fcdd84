// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// BREAKER's messages. A BREAKER stands before another actor and understands
// that actor's messages, all of them, besides its own below: whoever is given
// `actor_ref<target_actor>` to a BREAKER cannot tell it from the target, but
// for the error `unavailable` that comes at once while it is open.
//
// BREAKERs are entered in the directory as "breaker.<name>" and can be found
// there under both interfaces.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::breaker {

/// The numbers are those of the gauge `acgs_circuit_breaker_state`.
enum class mode : std::uint8_t { closed = 0, open = 1, half_open = 2 };

inline constexpr std::array<std::string_view, 3> mode_names{"closed", "open",
                                                            "half_open"};
static_assert(mode_names.size()
              == static_cast<std::size_t>(mode::half_open) + 1);

constexpr std::string_view to_string_view(mode value) {
  return mode_names[static_cast<std::size_t>(value)];
}

/// Counts of calls.
struct totals {
  std::size_t calls = 0;
  std::size_t failed = 0;
  std::size_t slow = 0;

  /// Shares of the calls, 0 where there were none.
  double failure_rate() const { return share(failed); }
  double slow_call_rate() const { return share(slow); }

private:
  double share(std::size_t of) const {
    return calls == 0 ? 0
                      : static_cast<double>(of) / static_cast<double>(calls);
  }
};

/// A state that was entered. Becomes an entry of the ledger.
struct change {
  mode from = mode::closed;
  mode to = mode::closed;
  std::string reason;
  /// Where it is now open: for how long. Forced open: 0, until it is reset.
  std::chrono::nanoseconds wait{0};
};

/// How a breaker does.
struct figures {
  mode now = mode::closed;
  bool forced = false;
  totals counted;
  std::uint64_t refused = 0;
  std::uint64_t opened = 0; ///< times, since the start
  std::chrono::nanoseconds retry_after{0};
  std::chrono::nanoseconds in_state{0};
};

inline constexpr std::string_view name_prefix = "breaker.";

struct get_status {
  using local_message = void;
};

struct status {
  std::string name; ///< without the prefix
  figures counted;
  using local_message = void;
};

/// Opens it as if a threshold had been reached.
struct trip {
  std::string reason; ///< and who, for the record
  using local_message = void;
};

/// Opens it until it is reset.
struct force_open {
  std::string reason;
  using local_message = void;
};

/// Closes it and forgets what was counted.
struct reset {
  std::string reason;
  using local_message = void;
};

/// A change of state, told to the owner, who logs and records it.
struct change_event {
  std::string name; ///< without the prefix
  change what;
};

/// The name in the directory of the BREAKER of that name.
inline std::string directory_name(std::string_view name) {
  return std::string{name_prefix}.append(name);
}

/// The actor behind the BREAKER of that name, through it; with
/// `breaker_actor`, the BREAKER itself.
template <class Handle>
actor_ref<Handle> find(directory& actors, std::string_view name) {
  auto full = directory_name(name);
  return actors.find(actor_key<Handle>{full});
}

/// The names, without the prefix, of all BREAKERs of the node.
inline std::vector<std::string> names(const directory& actors) {
  std::vector<std::string> out;
  for (const auto& row : actors.rows())
    if (row.name.starts_with(name_prefix))
      out.push_back(row.name.substr(name_prefix.size()));
  return out;
}

} // namespace acgs::breaker

namespace acgs {

using breaker_actor = caf::typed_actor<
    /// State, rates, calls refused.
    caf::replies_to<breaker::get_status>::with<breaker::status>,
    caf::replies_to<breaker::trip>::with<void>,
    caf::replies_to<breaker::force_open>::with<void>,
    caf::replies_to<breaker::reset>::with<void>>;

} // namespace acgs
