// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Times as text, in RFC 3339 and always in UTC.

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

#include <string>
#include <string_view>

namespace acgs {

/// "2026-02-15T12:00:00.123456Z": microseconds, for logs and answers.
std::string to_rfc3339(wall_time time);

/// Reads an RFC 3339 time with any offset and up to nine digits of fraction,
/// or a plain date, which stands for its midnight in UTC.
/// Fails with `invalid_argument`, naming the text, also for a year before 1678
/// or after 2261, which nanoseconds in 64 bits do not reach.
result<wall_time> parse_rfc3339(std::string_view text);

/// The time as a bound of what was written since 1970, in nanoseconds: never
/// 0, which stands for no bound.
std::int64_t bound_nanos(wall_time time);

} // namespace acgs
