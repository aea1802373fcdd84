// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Calendar, layouts and formatting.

#include "builtins/go_time.hpp"

#include <cstdio>
#include <utility>

namespace rego {

const std::string_view month_names[12] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
const std::string_view day_names[7] = {"Sunday",    "Monday",   "Tuesday",
                                       "Wednesday", "Thursday", "Friday",
                                       "Saturday"};

namespace {

int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

// Days from 1 March of year 0, Gregorian, to a date with the month in range.
int64_t days_in_range(int64_t y, int64_t m, int64_t d) {
  y -= m <= 2;
  auto era = floor_div(y, 400);
  auto of_era = y - era * 400;
  auto of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year
         - 719468;
}

bool is_leap(int64_t y) {
  return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

void split_days(int64_t days, civil_time& t) {
  days += 719468;
  auto era = floor_div(days, 146097);
  auto of_era = days - era * 146097;
  auto year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  auto of_year = of_era - (365 * year + year / 4 - year / 100);
  auto m = (5 * of_year + 2) / 153;
  t.day = static_cast<int>(of_year - (153 * m + 2) / 5 + 1);
  t.month = static_cast<int>(m < 10 ? m + 3 : m - 9);
  t.year = year + era * 400 + (t.month <= 2);
}

bool lower_case(std::string_view s) {
  return !s.empty() && s[0] >= 'a' && s[0] <= 'z';
}

using element = layout_element;

// What begins at the front of the text, if anything.
layout_chunk zone_chunk(std::string_view s) {
  for (std::string_view form : {"070000", "07:00:00", "0700", "07:00", "07"})
    if (s.substr(1).starts_with(form))
      return {0, element::zone_offset, form.size() + 1};
  return {};
}

layout_chunk fraction_at(std::string_view s) {
  if (s.size() < 2 || (s[1] != '0' && s[1] != '9'))
    return {};
  size_t n = 1;
  while (n < s.size() && s[n] == s[1])
    ++n;
  if (n < s.size() && s[n] >= '0' && s[n] <= '9')
    return {};
  return {0, s[1] == '0' ? element::fraction0 : element::fraction9, n};
}

layout_chunk zero_at(std::string_view s) {
  constexpr element by_digit[] = {element::zero_month,  element::zero_day,
                                  element::zero_hour12, element::zero_minute,
                                  element::zero_second, element::year};
  if (s.size() >= 2 && s[1] >= '1' && s[1] <= '6')
    return {0, by_digit[s[1] - '1'], 2};
  if (s.starts_with("002"))
    return {0, element::zero_year_day, 3};
  return {};
}

layout_chunk name_at(std::string_view s) {
  if (s.starts_with("January"))
    return {0, element::long_month, 7};
  if (s.starts_with("Jan") && !lower_case(s.substr(3)))
    return {0, element::month, 3};
  if (s.starts_with("Monday"))
    return {0, element::long_weekday, 6};
  if (s.starts_with("Mon") && !lower_case(s.substr(3)))
    return {0, element::weekday, 3};
  if (s.starts_with("MST"))
    return {0, element::zone_name, 3};
  return {};
}

layout_chunk element_at(std::string_view s) {
  switch (s[0]) {
  case 'J':
  case 'M':
    return name_at(s);
  case '0':
    return zero_at(s);
  case '1':
    return s.starts_with("15") ? layout_chunk{0, element::hour, 2}
                               : layout_chunk{0, element::number_month, 1};
  case '2':
    return s.starts_with("2006") ? layout_chunk{0, element::long_year, 4}
                                 : layout_chunk{0, element::day, 1};
  case '_':
    if (s.starts_with("_2006"))
      return {1, element::long_year, 4};
    if (s.starts_with("_2"))
      return {0, element::under_day, 2};
    return s.starts_with("__2") ? layout_chunk{0, element::under_year_day, 3}
                                : layout_chunk{};
  case '3':
    return {0, element::hour12, 1};
  case '4':
    return {0, element::minute, 1};
  case '5':
    return {0, element::second, 1};
  case 'P':
    return s.starts_with("PM") ? layout_chunk{0, element::upper_pm, 2}
                               : layout_chunk{};
  case 'p':
    return s.starts_with("pm") ? layout_chunk{0, element::lower_pm, 2}
                               : layout_chunk{};
  case '-':
  case 'Z':
    return zone_chunk(s);
  case '.':
  case ',':
    return fraction_at(s);
  default:
    return {};
  }
}

std::string padded(int64_t n, int width, char with = '0') {
  char text[32];
  std::snprintf(text, sizeof text, with == '0' ? "%0*lld" : "%*lld",
                width + (n < 0), static_cast<long long>(n));
  return text;
}

std::string offset_text(int offset, std::string_view form) {
  if (form[0] == 'Z' && offset == 0)
    return "Z";
  auto minutes = offset / 60;
  std::string out = minutes < 0 ? "-" : "+";
  auto m = minutes < 0 ? -minutes : minutes;
  auto seconds = (offset < 0 ? -offset : offset) % 60;
  std::string_view colon = form.find(':') == std::string_view::npos ? "" : ":";
  out += padded(m / 60, 2);
  if (form.size() > 3)
    out += std::string(colon) + padded(m % 60, 2);
  if (form.size() > 6)
    out += std::string(colon) + padded(seconds, 2);
  return out;
}

std::string fraction_text(int nanosecond, std::string_view form) {
  auto digits = padded(nanosecond, 9).substr(0, form.size() - 1);
  digits.resize(form.size() - 1, '0');
  if (form[1] == '9')
    digits.erase(digits.find_last_not_of('0') + 1);
  return digits.empty() ? "" : form[0] + digits;
}

std::string element_text(const civil_time& t, element e,
                         std::string_view form) {
  auto month = month_names[t.month - 1];
  auto weekday = day_names[t.weekday];
  auto hour12 = t.hour % 12 == 0 ? 12 : t.hour % 12;
  switch (e) {
  case element::long_month:
    return std::string(month);
  case element::month:
    return std::string(month.substr(0, 3));
  case element::number_month:
    return std::to_string(t.month);
  case element::zero_month:
    return padded(t.month, 2);
  case element::long_weekday:
    return std::string(weekday);
  case element::weekday:
    return std::string(weekday.substr(0, 3));
  case element::day:
    return std::to_string(t.day);
  case element::under_day:
    return padded(t.day, 2, ' ');
  case element::zero_day:
    return padded(t.day, 2);
  case element::under_year_day:
    return padded(t.year_day, 3, ' ');
  case element::zero_year_day:
    return padded(t.year_day, 3);
  case element::hour:
    return padded(t.hour, 2);
  case element::hour12:
    return std::to_string(hour12);
  case element::zero_hour12:
    return padded(hour12, 2);
  case element::minute:
    return std::to_string(t.minute);
  case element::zero_minute:
    return padded(t.minute, 2);
  case element::second:
    return std::to_string(t.second);
  case element::zero_second:
    return padded(t.second, 2);
  case element::long_year:
    return padded(t.year, 4);
  case element::year:
    return padded(t.year < 0 ? 0 : t.year % 100, 2);
  case element::upper_pm:
    return t.hour >= 12 ? "PM" : "AM";
  case element::lower_pm:
    return t.hour >= 12 ? "pm" : "am";
  case element::zone_name:
    return t.zone.empty() ? offset_text(t.offset, "-0700") : t.zone;
  case element::zone_offset:
    return offset_text(t.offset, form);
  case element::fraction0:
  case element::fraction9:
    return fraction_text(t.nanosecond, form);
  case element::none:
    break;
  }
  return {};
}

} // namespace

int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
  year += floor_div(month - 1, 12);
  month = month - 1 - floor_div(month - 1, 12) * 12 + 1;
  return days_in_range(year, month, 1) + day - 1;
}

int days_in_month(int64_t year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap(year));
}

civil_time make_civil(int64_t unix_seconds, int nanosecond, int offset,
                      std::string_view zone) {
  civil_time t;
  auto local = unix_seconds + offset;
  auto days = floor_div(local, 86400);
  auto rest = static_cast<int>(local - days * 86400);
  split_days(days, t);
  t.hour = rest / 3600;
  t.minute = rest / 60 % 60;
  t.second = rest % 60;
  t.nanosecond = nanosecond;
  t.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  t.year_day = static_cast<int>(days - days_in_range(t.year, 1, 1) + 1);
  t.offset = offset;
  t.zone = zone;
  return t;
}

std::string_view named_layout(std::string_view layout) {
  constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"ANSIC", "Mon Jan _2 15:04:05 2006"},
      {"UnixDate", "Mon Jan _2 15:04:05 MST 2006"},
      {"RubyDate", "Mon Jan 02 15:04:05 -0700 2006"},
      {"RFC822", "02 Jan 06 15:04 MST"},
      {"RFC822Z", "02 Jan 06 15:04 -0700"},
      {"RFC850", "Monday, 02-Jan-06 15:04:05 MST"},
      {"RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"},
      {"RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"},
      {"RFC3339", "2006-01-02T15:04:05Z07:00"},
      {"RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00"}};
  for (auto& [name, text] : names)
    if (name == layout)
      return text;
  return layout;
}

layout_chunk next_chunk(std::string_view layout) {
  for (size_t i = 0; i < layout.size(); ++i) {
    auto c = element_at(layout.substr(i));
    if (c.element == element::none)
      continue;
    c.prefix += i;
    return c;
  }
  return {layout.size(), element::none, 0};
}

std::string format_time(const civil_time& t, std::string_view layout) {
  std::string out;
  while (!layout.empty()) {
    auto c = next_chunk(layout);
    out += layout.substr(0, c.prefix);
    out += element_text(t, c.element, layout.substr(c.prefix, c.size));
    layout.remove_prefix(c.prefix + c.size);
  }
  return out;
}

} // namespace rego
