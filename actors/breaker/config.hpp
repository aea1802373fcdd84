// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a circuit breaker goes by. Names and meanings are resilience4j's, and
// so are the defaults, but for the wait in the open state (30 s).

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace acgs::breaker {

/// What the rates are taken over.
enum class window_type : std::uint8_t {
  count, ///< the last `sliding_window_size` calls
  time,  ///< the calls of the last `sliding_window_size` seconds
};

struct config {
  window_type sliding_window_type = window_type::count;
  std::size_t sliding_window_size = 100;
  /// Calls before a rate counts; with a count window, at most its size.
  std::size_t minimum_number_of_calls = 100;
  double failure_rate_threshold = 0.5; ///< from this share on it opens
  double slow_call_rate_threshold = 1.0;
  /// A call that took longer is slow, whether it failed or not.
  std::chrono::nanoseconds slow_call_duration_threshold =
      std::chrono::seconds{60};
  std::size_t permitted_number_of_calls_in_half_open_state = 10;
  std::chrono::nanoseconds wait_duration_in_open_state =
      std::chrono::seconds{30};
  /// The wait doubles each time that the trial fails, up to this; also the
  /// most that a `Retry-After` is believed.
  std::chrono::nanoseconds wait_duration_in_open_state_max =
      std::chrono::minutes{10};
  double wait_jitter = 0.1; ///< share by which the wait varies, up or down
};

} // namespace acgs::breaker
