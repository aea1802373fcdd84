// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/time_text.hpp"

#include <algorithm>
#include <cstdio>

namespace acgs {

namespace {

using namespace std::chrono;

/// Takes `count` digits off the front; -1 where there are fewer.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count)
    return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9')
      return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take_char(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos)
    return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, sys_days& out) {
  int y = take_digits(text, 4);
  if (y < 0 || !take_char(text, "-"))
    return false;
  int m = take_digits(text, 2);
  if (m < 0 || !take_char(text, "-"))
    return false;
  int d = take_digits(text, 2);
  year_month_day date{year{y}, month{static_cast<unsigned>(m)},
                      day{static_cast<unsigned>(d < 0 ? 0 : d)}};
  if (!date.ok())
    return false;
  out = sys_days{date};
  return true;
}

bool take_clock(std::string_view& text, nanoseconds& out) {
  int h = take_digits(text, 2);
  if (h < 0 || h > 23 || !take_char(text, ":"))
    return false;
  int m = take_digits(text, 2);
  if (m < 0 || m > 59 || !take_char(text, ":"))
    return false;
  int s = take_digits(text, 2);
  if (s < 0 || s > 60)
    return false;
  out = hours{h} + minutes{m} + seconds{s};
  if (!take_char(text, "."))
    return true;
  long scale = 100000000;
  bool any = false;
  for (int digit; scale > 0 && (digit = take_digits(text, 1)) >= 0;
       scale /= 10) {
    out += nanoseconds{digit * scale};
    any = true;
  }
  return any;
}

bool take_offset(std::string_view& text, minutes& out) {
  if (take_char(text, "Zz"))
    return true;
  bool negative = !text.empty() && text.front() == '-';
  if (!take_char(text, "+-"))
    return false;
  int h = take_digits(text, 2);
  if (h < 0 || h > 23 || !take_char(text, ":"))
    return false;
  int m = take_digits(text, 2);
  if (m < 0 || m > 59)
    return false;
  out = hours{h} + minutes{m};
  if (negative)
    out = -out;
  return true;
}

} // namespace

std::string to_rfc3339(wall_time time) {
  auto day = floor<days>(time);
  year_month_day date{day};
  hh_mm_ss clock{floor<microseconds>(time - day)};
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
                static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text;
}

result<wall_time> parse_rfc3339(std::string_view text) {
  auto rest = text;
  sys_days date;
  nanoseconds clock{0};
  minutes offset{0};
  bool ok = take_date(rest, date);
  if (ok && !rest.empty())
    ok = take_char(rest, "Tt ") && take_clock(rest, clock)
         && take_offset(rest, offset) && rest.empty();
  auto y = year_month_day{date}.year();
  if (ok && (y < year{1678} || y > year{2261}))
    return make_error(ec::invalid_argument,
                      "'" + std::string{text.substr(0, 64)}
                          + "' is out of range; expected a time from 1678 to "
                            "2261");
  if (ok)
    return wall_time{date} + clock - offset;
  return make_error(ec::invalid_argument,
                    "'" + std::string{text.substr(0, 64)}
                        + "' is not a time; expected RFC 3339 such as "
                          "2026-02-15T12:00:00Z");
}

std::int64_t bound_nanos(wall_time time) {
  return std::max(to_nanos(time), std::int64_t{1});
}

} // namespace acgs
