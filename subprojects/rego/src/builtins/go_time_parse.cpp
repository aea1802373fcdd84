// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading times by a layout, and durations.

#include <algorithm>
#include <cstdint>
#include <optional>

#include "builtins/go_time.hpp"
#include "builtins/support.hpp"
#include "core/uint128.hpp"

namespace rego {

namespace {

using element = layout_element;

bool is_digit(std::string_view s, size_t i) {
  return i < s.size() && s[i] >= '0' && s[i] <= '9';
}

class time_parser {
public:
  time_parser(std::string_view layout, std::string_view text)
      : layout_(layout), text_(text), rest_(text) {}
  parsed_time run();

private:
  bool literal(std::string_view prefix);
  bool read(element e, std::string_view form, std::string_view behind);
  bool date_part(element e);
  bool clock_part(element e, std::string_view behind);
  bool number(int& to, bool two_digits);
  bool three_digits(int& to, bool fixed);
  bool name(std::span<const std::string_view> names, size_t size, int& to);
  bool half_day(std::string_view am, std::string_view pm);
  bool offset(std::string_view form);
  bool zone_name();
  bool fraction(size_t size);
  void range(bool bad, std::string_view what) {
    if (bad)
      out_of_range_ = what;
  }
  parsed_time wrong(std::string_view element_text, std::string_view at) {
    return {0, 0,
            "parsing time " + go_quote(text_) + " as " + go_quote(layout_)
                + ": cannot parse " + go_quote(at) + " as "
                + go_quote(element_text)};
  }
  parsed_time refuse(const std::string& why) {
    return {0, 0, "parsing time " + go_quote(text_) + why};
  }
  parsed_time finish();
  bool settle_date(std::string& why);

  std::string_view layout_, text_, rest_;
  std::string out_of_range_;
  int64_t year_ = 0;
  int month_ = -1, day_ = -1, year_day_ = -1;
  int hour_ = 0, minute_ = 0, second_ = 0, nanosecond_ = 0;
  bool am_ = false, pm_ = false;
  std::optional<int> offset_;
};

// Runs of spaces count as one.
bool time_parser::literal(std::string_view prefix) {
  auto skip_spaces = [](std::string_view& s) {
    s.remove_prefix(std::min(s.find_first_not_of(' '), s.size()));
  };
  while (!prefix.empty()) {
    if (prefix[0] == ' ') {
      if (!rest_.empty() && rest_[0] != ' ')
        return false;
      skip_spaces(prefix);
      skip_spaces(rest_);
      continue;
    }
    if (rest_.empty() || rest_[0] != prefix[0])
      return false;
    prefix.remove_prefix(1);
    rest_.remove_prefix(1);
  }
  return true;
}

bool time_parser::number(int& to, bool two_digits) {
  if (!is_digit(rest_, 0) || (two_digits && !is_digit(rest_, 1)))
    return false;
  size_t n = is_digit(rest_, 1) ? 2 : 1;
  to = rest_[0] - '0';
  if (n == 2)
    to = to * 10 + (rest_[1] - '0');
  rest_.remove_prefix(n);
  return true;
}

bool time_parser::three_digits(int& to, bool fixed) {
  size_t n = 0;
  int v = 0;
  for (; n < 3 && is_digit(rest_, n); ++n)
    v = v * 10 + (rest_[n] - '0');
  if (n == 0 || (fixed && n != 3))
    return false;
  to = v;
  rest_.remove_prefix(n);
  return true;
}

// A name out of a list, its first `size` bytes (0: all), in any case.
bool time_parser::name(std::span<const std::string_view> names, size_t size,
                       int& to) {
  for (size_t i = 0; i < names.size(); ++i) {
    auto n = size ? names[i].substr(0, size) : names[i];
    if (rest_.size() < n.size())
      continue;
    bool same =
        std::equal(n.begin(), n.end(), rest_.begin(), [](char a, char b) {
          return a == b
                 || ((a | 32) == (b | 32) && (a | 32) >= 'a'
                     && (a | 32) <= 'z');
        });
    if (!same)
      continue;
    to = static_cast<int>(i) + 1;
    rest_.remove_prefix(n.size());
    return true;
  }
  return false;
}

bool time_parser::half_day(std::string_view am, std::string_view pm) {
  auto p = rest_.substr(0, 2);
  am_ = am_ || p == am;
  pm_ = pm_ || p == pm;
  if (p != am && p != pm)
    return false;
  rest_.remove_prefix(2);
  return true;
}

bool time_parser::offset(std::string_view form) {
  if (form[0] == 'Z' && rest_.starts_with('Z')) {
    rest_.remove_prefix(1);
    offset_ = 0;
    return true;
  }
  if (rest_.size() < form.size())
    return false;
  int part[3] = {0, 0, 0};
  size_t at = 1;
  for (size_t k = 0; at < form.size(); ++k) {
    if (form[at] == ':' && rest_[at++] != ':')
      return false;
    if (!is_digit(rest_, at) || !is_digit(rest_, at + 1))
      return false;
    part[k] = (rest_[at] - '0') * 10 + (rest_[at + 1] - '0');
    at += 2;
  }
  range(part[0] > 24, "time zone offset hour");
  range(part[1] > 60, "time zone offset minute");
  range(part[2] > 60, "time zone offset second");
  if (rest_[0] != '+' && rest_[0] != '-')
    return false;
  auto seconds = (part[0] * 60 + part[1]) * 60 + part[2];
  offset_ = rest_[0] == '-' ? -seconds : seconds;
  rest_.remove_prefix(form.size());
  return true;
}

// Bytes of "+03" at the front, the number at most 24; 0 for none.
size_t signed_offset(std::string_view s) {
  if (s.empty() || (s[0] != '+' && s[0] != '-'))
    return 0;
  size_t n = 1;
  int v = 0;
  for (; is_digit(s, n) && n < 9; ++n)
    v = v * 10 + (s[n] - '0');
  return n == 1 || v > 24 ? 0 : n;
}

// An abbreviation that is not "UTC" counts as UTC: nothing says how far away
// it is.
bool time_parser::zone_name() {
  size_t n = 0;
  if (rest_.size() < 3)
    return false;
  auto four = rest_.substr(0, 4);
  if (rest_.starts_with("UTC")) {
    n = 3;
  } else if (four == "ChST" || four == "MeST") {
    n = 4;
  } else if (rest_.starts_with("GMT")) {
    n = 3 + signed_offset(rest_.substr(3));
  } else if (rest_[0] == '+' || rest_[0] == '-') {
    n = signed_offset(rest_);
  } else {
    while (n < 6 && n < rest_.size() && rest_[n] >= 'A' && rest_[n] <= 'Z')
      ++n;
    bool good = n == 3 || (n == 5 && rest_[4] == 'T')
                || (n == 4 && (rest_[3] == 'T' || four == "WITA"));
    n = good ? n : 0;
  }
  rest_.remove_prefix(n);
  return n > 0;
}

// A point or comma and digits, `size` bytes in all.
bool time_parser::fraction(size_t size) {
  if (rest_.size() < size || (rest_[0] != '.' && rest_[0] != ','))
    return false;
  int v = 0;
  for (size_t i = 1; i < std::max<size_t>(size, 10); ++i) {
    bool given = i < size;
    if (given && !is_digit(rest_, i))
      return false;
    if (i < 10)
      v = v * 10 + (given ? rest_[i] - '0' : 0);
  }
  nanosecond_ = v;
  rest_.remove_prefix(size);
  return true;
}

bool time_parser::date_part(element e) {
  int ignored = 0, n = 0;
  switch (e) {
  case element::year:
    if (!number(n, true))
      return false;
    year_ = n >= 69 ? n + 1900 : n + 2000;
    return true;
  case element::long_year:
    for (size_t i = 0; i < 4; ++i)
      if (!is_digit(rest_, i))
        return false;
    year_ = std::stoi(std::string(rest_.substr(0, 4)));
    rest_.remove_prefix(4);
    return true;
  case element::month:
    return name(month_names, 3, month_);
  case element::long_month:
    return name(month_names, 0, month_);
  case element::number_month:
  case element::zero_month:
    if (!number(month_, e == element::zero_month))
      return false;
    range(month_ <= 0 || month_ > 12, "month");
    return true;
  case element::weekday:
    return name(day_names, 3, ignored);
  case element::long_weekday:
    return name(day_names, 0, ignored);
  case element::under_year_day:
    for (int i = 0; i < 2 && rest_.starts_with(' '); ++i)
      rest_.remove_prefix(1);
    return three_digits(year_day_, false);
  case element::zero_year_day:
    return three_digits(year_day_, true);
  default:
    if (e == element::under_day && rest_.starts_with(' '))
      rest_.remove_prefix(1);
    return number(day_, e == element::zero_day);
  }
}

bool time_parser::clock_part(element e, std::string_view behind) {
  switch (e) {
  case element::hour:
    if (!number(hour_, false))
      return false;
    range(hour_ >= 24, "hour");
    return true;
  case element::hour12:
  case element::zero_hour12:
    if (!number(hour_, e == element::zero_hour12))
      return false;
    range(hour_ > 12, "hour");
    return true;
  case element::minute:
  case element::zero_minute:
    if (!number(minute_, e == element::zero_minute))
      return false;
    range(minute_ >= 60, "minute");
    return true;
  default:
    break;
  }
  if (!number(second_, e == element::zero_second))
    return false;
  range(second_ >= 60, "second");
  // A fraction may follow that the layout does not show.
  auto next = next_chunk(behind).element;
  if (!out_of_range_.empty() || next == element::fraction0
      || next == element::fraction9 || rest_.size() < 2
      || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_, 1))
    return true;
  size_t n = 2;
  while (is_digit(rest_, n))
    ++n;
  return fraction(n);
}

bool time_parser::read(element e, std::string_view form,
                       std::string_view behind) {
  if (e >= element::hour && e <= element::zero_second)
    return clock_part(e, behind);
  switch (e) {
  case element::upper_pm:
    return half_day("AM", "PM");
  case element::lower_pm:
    return half_day("am", "pm");
  case element::zone_offset:
    return offset(form);
  case element::zone_name:
    return zone_name();
  case element::fraction0:
    return fraction(form.size());
  case element::fraction9: {
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',')
        || !is_digit(rest_, 1))
      return true;
    size_t n = 1;
    while (is_digit(rest_, n))
      ++n;
    return fraction(n);
  }
  default:
    return date_part(e);
  }
}

bool time_parser::settle_date(std::string& why) {
  if (year_day_ >= 0) {
    int m = 1, d = year_day_;
    while (m <= 12 && d > days_in_month(year_, m))
      d -= days_in_month(year_, m++);
    if (year_day_ < 1 || m > 12)
      why = ": day-of-year out of range";
    else if (month_ >= 0 && month_ != m)
      why = ": day-of-year does not match month";
    else if (day_ >= 0 && day_ != d)
      why = ": day-of-year does not match day";
    month_ = m;
    day_ = d;
    return why.empty();
  }
  month_ = month_ < 0 ? 1 : month_;
  day_ = day_ < 0 ? 1 : day_;
  if (day_ < 1 || day_ > days_in_month(year_, month_))
    why = ": day out of range";
  return why.empty();
}

parsed_time time_parser::finish() {
  if (pm_ && hour_ < 12)
    hour_ += 12;
  else if (am_ && hour_ == 12)
    hour_ = 0;
  std::string why;
  if (!settle_date(why))
    return refuse(why);
  auto days = days_from_civil(year_, month_, day_);
  return {days * 86400 + hour_ * 3600 + minute_ * 60 + second_
              - offset_.value_or(0),
          nanosecond_,
          {}};
}

parsed_time time_parser::run() {
  auto layout = layout_;
  while (true) {
    auto c = next_chunk(layout);
    auto prefix = layout.substr(0, c.prefix);
    if (!literal(prefix))
      return wrong(prefix, rest_);
    if (c.element == element::none)
      break;
    auto form = layout.substr(c.prefix, c.size);
    layout.remove_prefix(c.prefix + c.size);
    auto hold = rest_;
    bool good = read(c.element, form, layout);
    if (!out_of_range_.empty())
      return refuse(": " + out_of_range_ + " out of range");
    if (!good)
      return wrong(form, hold);
  }
  if (!rest_.empty())
    return refuse(": extra text: " + go_quote(rest_));
  return finish();
}

// Nanoseconds of a unit at the front of the text, and its bytes.
int64_t unit_at(std::string_view s, size_t& size) {
  size = std::min(s.find_first_of(".0123456789"), s.size());
  auto u = s.substr(0, size);
  if (u == "ns")
    return 1;
  if (u == "us" || u == "\u00b5s" || u == "\u03bcs")
    return 1'000;
  if (u == "ms")
    return 1'000'000;
  if (u == "s")
    return 1'000'000'000;
  if (u == "m")
    return 60'000'000'000;
  constexpr int64_t hour = 3'600'000'000'000;
  // OPA's own: days of 24 hours, weeks and years of 7 and 365 of them.
  return u == "h"   ? hour
         : u == "d" ? 24 * hour
         : u == "w" ? 7 * 24 * hour
         : u == "y" ? 365 * 24 * hour
                    : 0;
}

constexpr uint128 duration_max = uint128{1} << 63;

} // namespace

parsed_time parse_time(std::string_view layout, std::string_view text) {
  return time_parser(layout, text).run();
}

bool parse_duration(std::string_view s, int64_t& to, std::string& error) {
  auto invalid = [&, whole = s](std::string_view what = "invalid duration ") {
    error = "time: " + std::string(what) + go_quote(whole);
    return false;
  };
  bool negative = s.starts_with('-');
  if (negative || s.starts_with('+'))
    s.remove_prefix(1);
  to = 0;
  if (s == "0")
    return true;
  if (s.empty())
    return invalid();
  uint128 total = 0;
  while (!s.empty()) {
    uint128 whole = 0, part = 0;
    long double scale = 1;
    size_t n = 0, digits = 0;
    for (; is_digit(s, n); ++n, ++digits) {
      whole = whole * 10 + static_cast<unsigned>(s[n] - '0');
      if (whole > duration_max)
        return invalid();
    }
    if (n < s.size() && s[n] == '.')
      for (++n; is_digit(s, n); ++n, ++digits)
        if (part < duration_max / 10) {
          part = part * 10 + static_cast<unsigned>(s[n] - '0');
          scale *= 10;
        }
    if (digits == 0)
      return invalid();
    s.remove_prefix(n);
    size_t size = 0;
    auto unit = unit_at(s, size);
    if (size == 0)
      return invalid("missing unit in duration ");
    if (unit == 0)
      return invalid("unknown unit " + go_quote(s.substr(0, size))
                     + " in duration ");
    s.remove_prefix(size);
    total += whole * static_cast<uint128>(unit)
             + static_cast<uint128>(static_cast<long double>(part)
                                    * (static_cast<long double>(unit) / scale));
    if (total > duration_max)
      return invalid();
  }
  if (!negative && total == duration_max)
    return invalid();
  to = static_cast<int64_t>(negative ? 0 - static_cast<uint64_t>(total)
                                     : static_cast<uint64_t>(total));
  return true;
}

} // namespace rego
