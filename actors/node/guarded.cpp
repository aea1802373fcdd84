// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/guarded.hpp"

#include "runtime/base/host_name.hpp"
#include "runtime/base/number_text.hpp"

#include <algorithm>
#include <strings.h>
#include <utility>

namespace acgs::node {

namespace {

using breaker::outcome;
using rego::http_failure;

constexpr int too_many_requests = 429;
constexpr int server_error = 500;

std::string as_in_requests(const std::string& host) {
  bool is_bare_v6 =
      !host.starts_with('[') && std::count(host.begin(), host.end(), ':') > 1;
  return host_name(is_bare_v6 ? "[" + host + "]" : host);
}

outcome outcome_of(const rego::http_response& got) {
  switch (got.failure) {
  case http_failure::timeout:
  case http_failure::tls:
  case http_failure::connection:
    return outcome::failed;
  case http_failure::refused:
  case http_failure::cancelled:
    return outcome::ignored;
  default:
    break;
  }
  if (got.status_code == too_many_requests)
    return outcome::throttled;
  return got.status_code >= server_error ? outcome::failed : outcome::succeeded;
}

std::optional<std::chrono::nanoseconds>
retry_after_of(const rego::http_response& got) {
  for (const auto& each : got.headers) {
    if (::strcasecmp(each.name.c_str(), "Retry-After") != 0)
      continue;
    if (auto seconds = parse_number<std::uint32_t>(each.value))
      return std::chrono::seconds{*seconds};
  }
  return std::nullopt;
}

rego::http_response refused(const breaker::refusal& why) {
  rego::http_response out;
  out.failure = http_failure::refused;
  out.message = why.throttled ? "the host asked for a pause"
                              : "the circuit breaker of the host is open";
  return out;
}

class guarded_carrier final : public rego::http_transport {
public:
  guarded_carrier(std::shared_ptr<rego::http_transport> carrier,
                  host_breakers by)
      : carrier_{std::move(carrier)}, by_{std::move(by)} {}

  rego::http_response send(const rego::http_request& request) override {
    auto found = by_.find(request.host);
    if (found == by_.end())
      return carrier_->send(request);
    auto& before = *found->second;
    breaker::refusal why;
    auto may = before.acquire(why);
    if (!may)
      return refused(why);
    auto began = before.now();
    auto got = carrier_->send(request);
    before.record(*may, outcome_of(got), began, retry_after_of(got));
    return got;
  }

  void pause(std::chrono::nanoseconds time,
             const std::function<bool()>& cancelled) override {
    carrier_->pause(time, cancelled);
  }

private:
  const std::shared_ptr<rego::http_transport> carrier_;
  const host_breakers by_;
};

} // namespace

host_breakers make_host_breakers(const std::vector<std::string>& hosts,
                                 const breaker::setup& like) {
  host_breakers out;
  for (const auto& host : hosts) {
    auto name = as_in_requests(host);
    auto with = like;
    with.name = "egress." + name;
    out.emplace(name, std::make_shared<breaker::shared_breaker>(with));
  }
  return out;
}

std::shared_ptr<rego::http_transport>
guarded(std::shared_ptr<rego::http_transport> carrier, host_breakers by) {
  return std::make_shared<guarded_carrier>(std::move(carrier), std::move(by));
}

} // namespace acgs::node
