// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Go's time package, as far as OPA's functions show it: civil fields, layouts
// ("2006-01-02T15:04:05Z07:00"), durations. Stateless; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace rego {

inline constexpr int64_t ns_per_second = 1'000'000'000;

/// A point in time as a clock on the wall of some zone shows it.
struct civil_time {
  int64_t year = 1;
  int month = 1, day = 1;
  int hour = 0, minute = 0, second = 0, nanosecond = 0;
  int weekday = 0;  // from Sunday
  int year_day = 1; // from 1
  int offset = 0;   // seconds east of UTC
  std::string zone; // abbreviation
};

/// Days since 1970 of a date; month and day may lie outside their ranges.
int64_t days_from_civil(int64_t year, int64_t month, int64_t day);
int days_in_month(int64_t year, int month);

/// Fields of the second since 1970 that is `offset` seconds ahead of UTC.
civil_time make_civil(int64_t unix_seconds, int nanosecond, int offset,
                      std::string_view zone);

/// A layout's constant for its name ("RFC1123Z"), else the text itself.
std::string_view named_layout(std::string_view layout);

std::string format_time(const civil_time& t, std::string_view layout);

struct parsed_time {
  int64_t seconds = 0; // since 1970
  int nanosecond = 0;
  std::string error; // Go's message, or empty
};
parsed_time parse_time(std::string_view layout, std::string_view text);

/// Nanoseconds of "1h15m30.5s"; false, with Go's message, where it is none.
bool parse_duration(std::string_view s, int64_t& to, std::string& error);

/// An element of a layout: what it shows and the bytes it takes.
enum class layout_element : uint8_t {
  none,
  long_month,
  month,
  number_month,
  zero_month,
  long_weekday,
  weekday,
  day,
  under_day,
  zero_day,
  under_year_day,
  zero_year_day,
  hour,
  hour12,
  zero_hour12,
  minute,
  zero_minute,
  second,
  zero_second,
  long_year,
  year,
  upper_pm,
  lower_pm,
  zone_name,
  zone_offset, // five forms, with or without a leading Z
  fraction0,
  fraction9
};

struct layout_chunk {
  size_t prefix = 0; // literal bytes before the element
  layout_element element = layout_element::none;
  size_t size = 0; // bytes of the element
};

/// The first element of a layout.
layout_chunk next_chunk(std::string_view layout);

extern const std::string_view month_names[12];
extern const std::string_view day_names[7];

} // namespace rego
