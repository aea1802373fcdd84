// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/http_exchange.hpp"

#include <algorithm>

#include "builtins/support.hpp"

namespace rego {

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds pause_first = std::chrono::milliseconds(100);
constexpr nanoseconds pause_longest = std::chrono::seconds(60);

bool is_redirect(int code) {
  return code == 301 || code == 302 || code == 303 || code == 307
         || code == 308;
}

// What proves who asks is for the place that was asked, and no other.
bool is_a_secret(std::string_view name) {
  return same_header(name, "Authorization")
         || same_header(name, "Proxy-Authorization")
         || same_header(name, "WWW-Authenticate") || same_header(name, "Cookie")
         || same_header(name, "Cookie2");
}

size_t size_of(const http_response& r) {
  auto out = r.body.size();
  for (auto& h : r.headers)
    out += h.name.size() + h.value.size();
  return out;
}

/// Whether the evaluation was cancelled, asked from the transport.
std::function<bool()> watch(call_context& c) {
  auto* flag = c.cancel();
  if (!flag)
    return {};
  return [flag] { return flag->load(std::memory_order_relaxed); };
}

/// One attempt: a request and those that redirects make of it.
class attempt {
public:
  attempt(call_context& c, const http_access& world, const http_call& call,
          const std::vector<http_header>& more)
      : c_(c), world_(world), call_(call), url_(call.url), method_(call.method),
        body_(call.body), headers_(call.headers) {
    headers_.insert(headers_.end(), more.begin(), more.end());
    auto now = c.monotonic_ns();
    if (call.timeout.count() > 0 && call.timeout.count() < INT64_MAX - now)
      ends_ = now + call.timeout.count();
  }

  http_outcome run() {
    for (int hops = 0;; ++hops) {
      auto out = hop(hops == 0);
      if (!out.error.empty() || !call_.redirects
          || !is_redirect(out.response.status_code))
        return out;
      auto to = find_header(out.response.headers, "Location");
      if (!to)
        return out;
      if (hops >= world_.redirects_max)
        return failed("stopped after " + std::to_string(hops) + " redirects");
      if (auto why = turn(out.response.status_code, to->value); !why.empty())
        return failed(why);
    }
  }

  /// Might another attempt end otherwise?
  bool passing() const { return passing_; }

private:
  http_outcome failed(const std::string& why, bool network = true) const {
    auto op = call_.method.substr(0, 1);
    for (auto ch : call_.method.substr(1))
      op += static_cast<char>(ch >= 'A' && ch <= 'Z' ? ch | 32 : ch);
    return {{}, op + " " + go_quote(call_.shown) + ": " + why, network};
  }

  http_outcome hop(bool first);
  http_outcome judged(const http_request& sent, http_response got);
  std::string turn(int code, const std::string& location);

  call_context& c_;
  const http_access& world_;
  const http_call& call_;
  http_url url_;
  std::string method_;
  std::string body_;
  std::vector<http_header> headers_;
  int64_t ends_ = INT64_MAX;
  bool passing_ = false;
};

http_outcome attempt::hop(bool first) {
  if (!is_allowed_host(url_.host, world_.hosts)) {
    auto why = "unallowed host: " + url_.host;
    return first ? http_outcome{{}, why, false} : failed(why);
  }
  c_.check_bounds();
  http_request r;
  auto left = c_.time_left_ns();
  if (ends_ != INT64_MAX)
    left = std::min(left, ends_ - c_.monotonic_ns());
  if (left <= 0) {
    passing_ = true;
    return failed("request timed out");
  }
  if (left != INT64_MAX)
    r.timeout = nanoseconds(left);
  r.method = method_;
  r.url = url_.text();
  r.host = url_.host;
  r.headers = headers_;
  r.body = body_;
  r.tls = call_.tls;
  // What comes is copied at least once into the evaluation's memory.
  r.response_bytes_max =
      std::min(world_.response_bytes_max, c_.memory().room() / 2);
  r.cancelled = watch(c_);
  auto got = world_.transport->send(r);
  c_.check_bounds();
  return judged(r, std::move(got));
}

http_outcome attempt::judged(const http_request& sent, http_response got) {
  auto size = size_of(got);
  c_.tick(size / 64);
  if (size > sent.response_bytes_max)
    got.failure = http_failure::too_large;
  passing_ = got.failure == http_failure::timeout
             || got.failure == http_failure::tls
             || got.failure == http_failure::connection;
  switch (got.failure) {
  case http_failure::none:
    return {std::move(got), {}, false};
  case http_failure::timeout:
    return failed("request timed out");
  case http_failure::too_large:
    if (sent.response_bytes_max < world_.response_bytes_max)
      throw memory_exceeded{};
    return failed("the response has more than "
                  + std::to_string(sent.response_bytes_max) + " bytes");
  default:
    return failed(got.message.empty() ? "the request failed" : got.message);
  }
}

// Where to go next, as browsers and Go's client do: all but 307 and 308 become
// a GET without body. Returns what is against it.
std::string attempt::turn(int code, const std::string& location) {
  http_url next;
  std::string error;
  if (!resolve_location(url_, location, next, error))
    return "redirect to " + go_quote(shown_url(location)) + ": " + error;
  if (url_.scheme == "https" && next.scheme == "http")
    return "redirect from https to http";
  bool same = next.same_place(url_);
  if (code != 307 && code != 308) {
    if (method_ != "HEAD")
      method_ = "GET";
    body_.clear();
  }
  std::erase_if(headers_, [&](const http_header& h) {
    return (!same && (is_a_secret(h.name) || same_header(h.name, "Host")))
           || (body_.empty() && same_header(h.name, "Content-Type"));
  });
  url_ = std::move(next);
  return {};
}

} // namespace

http_outcome exchange(call_context& c, const http_access& world,
                      const http_call& call,
                      const std::vector<http_header>& more) {
  auto retries = std::min(call.retries, world.retries_max);
  auto wait = pause_first;
  for (int i = 0;; ++i) {
    attempt one(c, world, call, more);
    auto out = one.run();
    if (out.error.empty() || !one.passing() || i >= retries)
      return out;
    world.transport->pause(std::min(wait, nanoseconds(c.time_left_ns())),
                           watch(c));
    c.check_bounds();
    wait = std::min(wait * 2, pause_longest);
  }
}

} // namespace rego
