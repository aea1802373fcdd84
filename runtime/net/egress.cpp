// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/egress.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace acgs::net {

namespace {

using rego::http_failure;

/// The label of what a request came to.
constexpr std::array<const char*, 7> result_names{
    "answered", "timeout",   "tls",      "connection",
    "refused",  "too_large", "cancelled"};
static_assert(result_names.size()
              == static_cast<std::size_t>(http_failure::cancelled) + 1);

constexpr auto closed = "the node lets no requests of policies out: it is in "
                        "lockdown, or does not yet take work";

rego::http_response refused(http_failure how) {
  rego::http_response out;
  out.failure = how;
  out.message = closed;
  return out;
}

} // namespace

egress::egress(std::shared_ptr<rego::http_transport> carrier,
               std::chrono::nanoseconds timeout,
               acgs::metrics::registry& registry, const time_source& time)
    : carrier_{std::move(carrier)}, timeout_{timeout}, time_{time},
      duration_{registry.make_histogram("acgs_egress_request_seconds",
                                        "Time of requests of policies",
                                        acgs::metrics::latency_bounds())} {
  for (const auto* name : result_names)
    results_.push_back(registry.make_counter(
        "acgs_egress_requests_total",
        "Requests of policies to allowed hosts, by what they came to",
        {{"result", name}}));
}

rego::http_response egress::send(const rego::http_request& request) {
  auto start = time_.steady_now();
  auto out = carry(request);
  results_[static_cast<std::size_t>(out.failure)].increment();
  duration_.observe(time_.steady_now() - start);
  return out;
}

rego::http_response egress::carry(const rego::http_request& request) {
  unsigned turn = turn_;
  if (!is_open(turn))
    return refused(http_failure::refused);
  auto bounded = request;
  if (bounded.timeout.count() == 0 || bounded.timeout > timeout_)
    bounded.timeout = timeout_;
  bounded.cancelled = [this, turn, &also = request.cancelled] {
    return !is_open(turn) || (also && also());
  };
  auto out = carrier_->send(bounded);
  if (out.failure == http_failure::cancelled && !is_open(turn))
    return refused(http_failure::cancelled);
  return out;
}

void egress::pause(std::chrono::nanoseconds time,
                   const std::function<bool()>& cancelled) {
  unsigned turn = turn_;
  carrier_->pause(time, [this, turn, &cancelled] {
    return !is_open(turn) || (cancelled && cancelled());
  });
}

void egress::open(bool now) {
  unsigned turn = turn_;
  while (now != (turn % 2 == 0)
         && !turn_.compare_exchange_weak(turn, turn + 1)) {
    // Another thread was faster: look again.
  }
}

destinations::destinations(const std::vector<std::string>& from) {
  for (const auto& one : from) {
    if (auto range = parse_network(one))
      listed.push_back(*range);
    if (one.find('/') == one.npos)
      hosts.push_back(one);
  }
}

bool destinations::may_connect(const std::string& address) const {
  auto to = parse_ip_address(address);
  return to
         && (is_public(*to)
             || std::ranges::any_of(
                 listed, [&](const auto& one) { return one.contains(*to); }));
}

} // namespace acgs::net
