// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// time.*: nanoseconds since 1970 in and out, by Go's layouts and rules.

#include <cmath>
#include <optional>

#include "builtins/families.hpp"
#include "builtins/go_time.hpp"
#include "builtins/support.hpp"
#include "builtins/time_zone.hpp"

namespace rego {

namespace {

struct instant {
  int64_t seconds = 0;
  int nanosecond = 0;
  zone_ref zone;
  std::string layout;
  civil_time civil() const {
    auto z = zone_at(zone, seconds);
    return make_civil(seconds, nanosecond, z.offset, z.name);
  }
};

value ns_value(call_context& c, int64_t seconds, int nanosecond) {
  __extension__ using wide = __int128;
  auto n = static_cast<wide>(seconds) * ns_per_second + nanosecond;
  if (n < INT64_MIN || n > INT64_MAX)
    return c.fail("time outside of valid range");
  return value::integer(static_cast<int64_t>(n));
}

bool read_ns(call_context& c, const value& v, instant& out) {
  if (!v.is_number()) {
    c.operand_error(1, v, "number");
    return false;
  }
  auto ns = v.is_integer() ? std::optional(v.as_integer()) : std::nullopt;
  if (auto r = to_real(v); !ns && r == std::trunc(r) && std::fabs(r) < 0x1p63L)
    ns = static_cast<int64_t>(r);
  if (!ns) {
    c.fail("timestamp too big");
    return false;
  }
  out.seconds = *ns / ns_per_second - (*ns % ns_per_second < 0);
  out.nanosecond = static_cast<int>(*ns - out.seconds * ns_per_second);
  return true;
}

// A number, or an array of number, zone and layout. OPA counts every operand as
// the first in its messages.
bool read_instant(call_context& c, const value& v, instant& out) {
  if (v.is_number())
    return read_ns(c, v, out);
  if (!v.is_array() || v.size() == 0) {
    c.operand_error(1, v, "either number (ns) or [number (ns), string (tz)]");
    return false;
  }
  auto items = v.items();
  if (!items[0].is_number()) {
    c.operand_error(1, items[0], "number");
    return false;
  }
  for (size_t i = 1; i < std::min<size_t>(items.size(), 3); ++i) {
    if (!items[i].is_string()) {
      c.operand_error(1, items[i], "string");
      return false;
    }
  }
  if (items.size() > 1 && !find_zone(items[1].as_string(), out.zone)) {
    c.fail("unknown time zone " + std::string(items[1].as_string()));
    return false;
  }
  if (items.size() > 2)
    out.layout = items[2].as_string();
  return read_ns(c, items[0], out);
}

value now(call_context& c, args) {
  return value::integer(c.now_ns());
}

value parse_by(call_context& c, std::string_view layout, const value& text) {
  c.tick((layout.size() + text.as_string().size()) / 16);
  auto t = parse_time(layout, text.as_string());
  if (!t.error.empty())
    return c.fail(t.error);
  return ns_value(c, t.seconds, t.nanosecond);
}

value parse_ns(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::string}))
    return {};
  return parse_by(c, named_layout(a[0].as_string()), a[1]);
}

value parse_rfc3339(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  return parse_by(c, named_layout("RFC3339"), a[0]);
}

value parse_duration_ns(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  int64_t ns = 0;
  std::string error;
  if (!parse_duration(a[0].as_string(), ns, error))
    return c.fail(error);
  return value::integer(ns);
}

value format(call_context& c, args a) {
  instant t;
  if (!read_instant(c, a[0], t))
    return {};
  auto layout =
      t.layout.empty() ? named_layout("RFC3339Nano") : named_layout(t.layout);
  c.tick(layout.size() / 16);
  return c.string(format_time(t.civil(), layout));
}

value numbers(call_context& c, std::initializer_list<int64_t> list) {
  array_builder b(c.memory(), list.size());
  for (auto n : list)
    b.push(value::integer(n));
  return b.array();
}

value date_of(call_context& c, args a) {
  instant t;
  if (!read_instant(c, a[0], t))
    return {};
  auto f = t.civil();
  return numbers(c, {f.year, f.month, f.day});
}

value clock_of(call_context& c, args a) {
  instant t;
  if (!read_instant(c, a[0], t))
    return {};
  auto f = t.civil();
  return numbers(c, {f.hour, f.minute, f.second});
}

value weekday(call_context& c, args a) {
  instant t;
  if (!read_instant(c, a[0], t))
    return {};
  return c.string(day_names[t.civil().weekday]);
}

// The second at which clocks of the zone show a local one. In a gap or an
// overlap it is what Go makes of it.
int64_t from_local(const zone_ref& zone, int64_t local) {
  auto z = zone_at(zone, local);
  auto utc = local - z.offset;
  if (z.offset != 0 && (utc < z.begin || utc >= z.end))
    utc = local - zone_at(zone, utc).offset;
  return utc;
}

value add_date(call_context& c, args a) {
  constexpr int64_t most = 10'000'000;
  instant t;
  if (!read_instant(c, a[0], t))
    return {};
  int64_t by[3];
  for (int i = 0; i < 3; ++i) {
    auto n = need_integer(c, a, i + 2);
    if (!n)
      return {};
    by[i] = *n;
  }
  for (auto n : by)
    if (n > most || n < -most)
      return c.fail("time outside of valid range");
  auto f = t.civil();
  auto days = days_from_civil(f.year + by[0], f.month + by[1], f.day + by[2]);
  auto local = days * 86400 + f.hour * 3600 + f.minute * 60 + f.second;
  // Beyond what nanoseconds hold there is no zone to ask either.
  constexpr int64_t seconds_max = INT64_MAX / ns_per_second + 86400;
  if (local > seconds_max || local < -seconds_max)
    return c.fail("time outside of valid range");
  return ns_value(c, from_local(t.zone, local), t.nanosecond);
}

value diff(call_context& c, args a) {
  instant x, y;
  if (!read_instant(c, a[0], x) || !read_instant(c, a[1], y))
    return {};
  y.zone = x.zone;
  if (std::pair(y.seconds, y.nanosecond) < std::pair(x.seconds, x.nanosecond))
    std::swap(x, y);
  auto f = x.civil(), g = y.civil();
  auto year = g.year - f.year;
  auto month = g.month - f.month, day = g.day - f.day;
  auto hour = g.hour - f.hour, minute = g.minute - f.minute;
  auto sec = g.second - f.second;
  auto carry = [](int& low, int by, int& high) {
    if (low < 0) {
      low += by;
      --high;
    }
  };
  carry(sec, 60, minute);
  carry(minute, 60, hour);
  carry(hour, 24, day);
  carry(day, days_in_month(f.year, f.month), month);
  if (month < 0) {
    month += 12;
    --year;
  }
  return numbers(c, {year, month, day, hour, minute, sec});
}

} // namespace

void register_time(builtin_table& t) {
  t.add("time.add_date", add_date);
  t.add("time.clock", clock_of);
  t.add("time.date", date_of);
  t.add("time.diff", diff);
  t.add("time.format", format);
  t.add("time.now_ns", now);
  t.add("time.parse_duration_ns", parse_duration_ns);
  t.add("time.parse_ns", parse_ns);
  t.add("time.parse_rfc3339_ns", parse_rfc3339);
  t.add("time.weekday", weekday);
}

} // namespace rego
