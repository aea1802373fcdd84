// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Identifiers that the node makes: UUIDs of version 7 (RFC 9562), so that
// they sort by time. Randomness is handed in.

#include "runtime/base/clock.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace acgs {

/// Fills the span with unpredictable bytes (tests hand in a seeded stand-in).
using random_source = std::function<void(std::span<std::byte>)>;

/// Makes identifiers. Safe to call from any thread.
class id_maker {
public:
  id_maker(const time_source& time, random_source random);

  /// A new UUIDv7 in its 36-character form. Two calls never return the same.
  std::string next();

private:
  const time_source& clock_;
  random_source random_;
  std::mutex mutex_;
  std::int64_t last_millis_ = 0;
  unsigned counter_ = 0;
};

/// When a UUIDv7 was made, to the millisecond; nothing for any other text.
std::optional<wall_time> time_of_id(std::string_view id);

/// Whether a request id from outside may be used as it is: 1 to 128 visible
/// ASCII characters without quotes or backslash.
bool is_acceptable_request_id(std::string_view id);

} // namespace acgs
