// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/http_freshness.hpp"

#include <algorithm>

#include "builtins/go_time.hpp"
#include "builtins/http_call.hpp"

namespace rego {

namespace {

constexpr int64_t longest = int64_t{1} << 32; // seconds; more counts as it

struct directives {
  bool no_store = false;
  bool no_cache = false;
  std::optional<int64_t> max_age;
};

std::string_view trimmed(std::string_view s) {
  auto from = s.find_first_not_of(" \t");
  if (from == s.npos)
    return {};
  return s.substr(from, s.find_last_not_of(" \t") - from + 1);
}

// Seconds; nothing for what is no number.
std::optional<int64_t> seconds_in(std::string_view s) {
  s = trimmed(s);
  if (s.size() > 1 && s.front() == '"' && s.back() == '"')
    s = s.substr(1, s.size() - 2);
  if (s.empty())
    return {};
  int64_t n = 0;
  for (auto c : s) {
    if (c < '0' || c > '9')
      return {};
    n = std::min(longest, n * 10 + (c - '0'));
  }
  return n;
}

directives directives_of(const http_response& r) {
  directives out;
  for (auto& h : r.headers) {
    std::string_view rest = h.value;
    if (!same_header(h.name, "Cache-Control"))
      continue;
    while (!rest.empty()) {
      auto part = trimmed(rest.substr(0, rest.find(',')));
      rest.remove_prefix(std::min(rest.find(','), rest.size() - 1) + 1);
      auto name = trimmed(part.substr(0, part.find('=')));
      out.no_store |= same_header(name, "no-store");
      out.no_cache |= same_header(name, "no-cache");
      // What cannot be read means stale.
      if (same_header(name, "max-age"))
        out.max_age =
            part.size() == name.size()
                ? 0
                : seconds_in(part.substr(part.find('=') + 1)).value_or(0);
    }
  }
  return out;
}

// Nanoseconds since 1970 of a header that holds a date.
std::optional<int64_t> date_in(const http_response& r, std::string_view name) {
  auto h = find_header(r.headers, name);
  if (!h)
    return {};
  auto t = parse_time("Mon, 02 Jan 2006 15:04:05 GMT", trimmed(h->value));
  if (!t.error.empty() || t.seconds > INT64_MAX / ns_per_second
      || t.seconds < INT64_MIN / ns_per_second)
    return {};
  return t.seconds * ns_per_second;
}

// Since the server made it; negative where its clock is ahead of ours.
int64_t age_of(const http_cached& kept, int64_t now) {
  auto here = now - kept.stored_ns;
  auto age = now - date_in(kept.response, "Date").value_or(kept.stored_ns);
  auto h = find_header(kept.response.headers, "Age");
  auto told = h ? seconds_in(h->value) : std::nullopt;
  return age < 0 || !told ? age : std::max(age, *told * ns_per_second + here);
}

} // namespace

bool may_keep(const http_response& r, bool forced) {
  constexpr int cacheable[] = {200, 203, 204, 206, 300, 301,
                               404, 405, 410, 414, 501};
  bool fits =
      std::find(std::begin(cacheable), std::end(cacheable), r.status_code)
      != std::end(cacheable);
  return fits && (forced || !directives_of(r).no_store);
}

bool is_fresh(const http_cached& kept, int64_t now_ns,
              std::optional<int64_t> forced_seconds) {
  if (forced_seconds) {
    auto here = now_ns - kept.stored_ns;
    return here >= 0
           && here < std::min(longest, *forced_seconds) * ns_per_second;
  }
  auto said = directives_of(kept.response);
  auto age = age_of(kept, now_ns);
  if (said.no_cache || said.no_store || age < 0)
    return false;
  if (said.max_age)
    return age < *said.max_age * ns_per_second;
  auto until = date_in(kept.response, "Expires");
  auto from = date_in(kept.response, "Date").value_or(kept.stored_ns);
  return until && age < *until - from;
}

std::vector<http_header> questions(const http_response& kept) {
  std::vector<http_header> out;
  if (auto h = find_header(kept.headers, "ETag"))
    out.push_back({"If-None-Match", h->value});
  if (auto h = find_header(kept.headers, "Last-Modified"))
    out.push_back({"If-Modified-Since", h->value});
  return out;
}

http_response confirmed(const http_response& kept, const http_response& by) {
  auto out = kept;
  std::erase_if(out.headers, [&](const http_header& h) {
    return find_header(by.headers, h.name)
           && !same_header(h.name, "Content-Length");
  });
  for (auto& h : by.headers)
    if (!same_header(h.name, "Content-Length"))
      out.headers.push_back(h);
  return out;
}

} // namespace rego
