// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/time_zone.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "builtins/go_time.hpp"

namespace rego {

struct local_type {
  int offset = 0;
  std::string name;
};

// A day of the year at which clocks change: "M3.2.0/2", "J60" or "59".
struct change_day {
  char form = 'M';
  int month = 1, week = 1, day = 0;
  int seconds = 7200; // of that day, on the clock before
};

// What a POSIX TZ text says.
struct zone_rule {
  local_type standard, summer;
  bool has_summer = false;
  change_day start, end;
};

struct zone_data {
  std::vector<int64_t> at;       // seconds at which an offset begins
  std::vector<uint8_t> index;    // of its type
  std::vector<local_type> types; // not empty
  std::optional<zone_rule> tail; // behind the last entry
};

namespace {

// Reads big-endian numbers; stays at the end once the bytes are used up.
class byte_reader {
public:
  explicit byte_reader(std::string_view s) : rest_(s) {}
  std::string_view take(size_t n) {
    good_ = good_ && n <= rest_.size();
    auto out = rest_.substr(0, good_ ? n : 0);
    rest_.remove_prefix(out.size());
    return out;
  }
  int64_t number(size_t size) {
    auto s = take(size);
    if (s.empty())
      return 0;
    uint64_t n = s[0] & 0x80 ? ~uint64_t{0} : 0;
    for (auto c : s)
      n = n << 8 | static_cast<unsigned char>(c);
    return static_cast<int64_t>(n);
  }
  bool good() const { return good_; }
  std::string_view rest() const { return rest_; }

private:
  std::string_view rest_;
  bool good_ = true;
};

struct header {
  size_t utc = 0, standard = 0, leaps = 0, times = 0, types = 0, names = 0;
  // Bytes of the block whose times take `width` each.
  size_t block(size_t width) const {
    return times * (width + 1) + types * 6 + names + leaps * (width + 4)
           + standard + utc;
  }
};

bool read_header(byte_reader& r, header& h, int& version) {
  constexpr int64_t most = 100'000;
  auto magic = r.take(4);
  auto v = r.take(1);
  r.take(15);
  for (auto* n :
       {&h.utc, &h.standard, &h.leaps, &h.times, &h.types, &h.names}) {
    auto count = r.number(4);
    if (count < 0 || count > most)
      return false;
    *n = static_cast<size_t>(count);
  }
  version = v.empty() ? 0 : v[0] - '0';
  return r.good() && magic == "TZif" && h.types > 0;
}

bool read_block(byte_reader& r, const header& h, size_t width, zone_data& to) {
  for (size_t i = 0; i < h.times; ++i)
    to.at.push_back(r.number(width));
  for (auto c : r.take(h.times))
    to.index.push_back(static_cast<uint8_t>(c));
  std::vector<size_t> name_at;
  for (size_t i = 0; i < h.types; ++i) {
    to.types.push_back({static_cast<int>(r.number(4)), {}});
    r.take(1);
    auto s = r.take(1);
    name_at.push_back(s.empty() ? 0 : static_cast<unsigned char>(s[0]));
  }
  auto names = r.take(h.names);
  for (size_t i = 0; i < h.types; ++i)
    if (name_at[i] < names.size()) {
      auto name = names.substr(name_at[i]);
      to.types[i].name = name.substr(0, name.find('\0'));
    }
  r.take(h.leaps * (width + 4) + h.standard + h.utc);
  return r.good() && std::is_sorted(to.at.begin(), to.at.end())
         && std::all_of(to.index.begin(), to.index.end(),
                        [&](auto i) { return i < h.types; });
}

// Parts of a TZ text, each taken off its front.
class rule_reader {
public:
  explicit rule_reader(std::string_view s) : s_(s) {}
  std::optional<zone_rule> read();

private:
  bool skip(char c) {
    bool there = s_.starts_with(c);
    s_.remove_prefix(there);
    return there;
  }
  std::string name();
  int number();
  int clock();
  change_day day();
  std::string_view s_;
};

std::string rule_reader::name() {
  size_t n = 0;
  bool quoted = skip('<');
  auto letter = [&](char c) {
    return quoted ? c != '>' : (c | 32) >= 'a' && (c | 32) <= 'z';
  };
  while (n < s_.size() && letter(s_[n]))
    ++n;
  std::string out(s_.substr(0, n));
  s_.remove_prefix(n);
  if (quoted)
    skip('>');
  return out;
}

int rule_reader::number() {
  int n = 0;
  while (!s_.empty() && s_[0] >= '0' && s_[0] <= '9' && n < 100'000) {
    n = n * 10 + (s_[0] - '0');
    s_.remove_prefix(1);
  }
  return n;
}

// "-3:30" as seconds.
int rule_reader::clock() {
  bool negative = skip('-');
  if (!negative)
    skip('+');
  int total = number() * 3600;
  if (skip(':'))
    total += number() * 60;
  if (skip(':'))
    total += number();
  return negative ? -total : total;
}

change_day rule_reader::day() {
  change_day d;
  d.form = skip('M') ? 'M' : skip('J') ? 'J' : 'n';
  if (d.form != 'M') {
    d.day = number();
  } else {
    d.month = std::clamp(number(), 1, 12);
    skip('.');
    d.week = number();
    skip('.');
    d.day = number() % 7;
  }
  if (skip('/'))
    d.seconds = clock();
  return d;
}

std::optional<zone_rule> rule_reader::read() {
  zone_rule r;
  r.standard.name = name();
  if (r.standard.name.empty() || s_.empty())
    return std::nullopt;
  r.standard.offset = -clock();
  if (s_.empty())
    return r;
  r.has_summer = true;
  r.summer = {r.standard.offset + 3600, name()};
  if (!s_.starts_with(','))
    r.summer.offset = -clock();
  if (!skip(','))
    return std::nullopt;
  r.start = day();
  if (!skip(','))
    return std::nullopt;
  r.end = day();
  return s_.empty() ? std::optional(r) : std::nullopt;
}

// Seconds since 1970 of a change in a year, on the clock before it.
int64_t local_change(const change_day& d, int64_t year) {
  int64_t days = 0;
  if (d.form == 'J') {
    bool late = d.day >= 60 && days_in_month(year, 2) == 29;
    days = days_from_civil(year, 1, d.day + late);
  } else if (d.form == 'n') {
    days = days_from_civil(year, 1, d.day + 1);
  } else {
    auto first = days_from_civil(year, d.month, 1);
    auto weekday = ((first + 4) % 7 + 7) % 7;
    auto of_month = (d.day - weekday + 7) % 7 + (d.week - 1) * 7;
    while (of_month >= days_in_month(year, d.month))
      of_month -= 7;
    days = first + of_month;
  }
  return days * 86400 + d.seconds;
}

// The span of the rule that a second lies in; `from` is where the rule begins.
zone_span span_of(const zone_rule& r, int64_t t, int64_t from) {
  zone_span out{r.standard.offset, r.standard.name, from, INT64_MAX};
  if (!r.has_summer)
    return out;
  auto year = make_civil(t, 0, r.standard.offset, "").year;
  out.begin = INT64_MIN;
  for (auto y = year - 1; y <= year + 1; ++y) {
    auto start = local_change(r.start, y) - r.standard.offset;
    auto end = local_change(r.end, y) - r.summer.offset;
    for (auto [at, type] :
         {std::pair(start, &r.summer), std::pair(end, &r.standard)}) {
      if (at <= t && at >= out.begin) {
        out.begin = at;
        out.offset = type->offset;
        out.name = type->name;
      } else if (at > t) {
        out.end = std::min(out.end, at);
      }
    }
  }
  out.begin = std::max(out.begin, from);
  return out;
}

bool plain_name(std::string_view name) {
  auto good = [](char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')
           || c == '_' || c == '+' || c == '-' || c == '/';
  };
  return name.size() < 100 && name[0] != '/'
         && std::all_of(name.begin(), name.end(), good);
}

std::shared_ptr<const zone_data> load(const std::string& name) {
  std::ifstream in("/usr/share/zoneinfo/" + name, std::ios::binary);
  std::string bytes(256 * 1024, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(in.gcount() > 0 ? static_cast<size_t>(in.gcount()) : 0);
  return read_zone(bytes);
}

} // namespace

std::shared_ptr<const zone_data> read_zone(std::string_view bytes) {
  byte_reader r(bytes);
  header h;
  int version = 0;
  if (!read_header(r, h, version))
    return nullptr;
  auto zone = std::make_shared<zone_data>();
  if (version < 2)
    return read_block(r, h, 4, *zone) ? zone : nullptr;
  r.take(h.block(4));
  if (!read_header(r, h, version) || !read_block(r, h, 8, *zone))
    return nullptr;
  auto tail = r.rest();
  if (tail.starts_with('\n') && tail.size() > 2 && tail.ends_with('\n'))
    zone->tail = rule_reader(tail.substr(1, tail.size() - 2)).read();
  return zone;
}

bool find_zone(std::string_view name, zone_ref& to) {
  static std::mutex lock;
  static std::map<std::string, std::shared_ptr<const zone_data>, std::less<>>
      known;
  to = {};
  if (name.empty() || name == "UTC" || name == "Local")
    return true;
  if (!plain_name(name))
    return false;
  std::lock_guard guard(lock);
  auto at = known.find(name);
  if (at == known.end()) {
    auto zone = load(std::string(name));
    // Only zones that exist are kept: there are not many.
    if (!zone)
      return false;
    at = known.emplace(name, std::move(zone)).first;
  }
  to.data = at->second;
  return true;
}

zone_span zone_at(const zone_ref& z, int64_t t) {
  if (!z.data)
    return {};
  auto& d = *z.data;
  auto next = std::upper_bound(d.at.begin(), d.at.end(), t);
  auto i = static_cast<size_t>(next - d.at.begin());
  if (next == d.at.end() && d.tail)
    return span_of(*d.tail, t, d.at.empty() ? INT64_MIN : d.at.back());
  auto& type = d.types[i == 0 ? 0 : d.index[i - 1]];
  return {type.offset, type.name, i == 0 ? INT64_MIN : d.at[i - 1],
          next == d.at.end() ? INT64_MAX : *next};
}

} // namespace rego
