// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/metrics.hpp"

#include "actors/http_gateway/errors.hpp"

namespace acgs::http_gateway {

namespace {

constexpr auto attempts = "acgs_auth_attempts_total";
constexpr auto attempts_help = "Credentials that were shown";
constexpr auto events = "acgs_security_events_total";
constexpr auto events_help = "What a security team wants to hear of";

} // namespace

metrics::metrics(acgs::metrics::registry& in, const std::vector<route>& table)
    : registry_{in}, by_route_(table.size()), attempts_ok_{in.make_counter(
                                                  attempts, attempts_help,
                                                  {{"result", "success"}})},
      attempts_refused_{
          in.make_counter(attempts, attempts_help, {{"result", "failure"}})},
      failures_{in.make_counter("acgs_auth_failures_total",
                                "Credentials that were refused")},
      events_{in.make_counter(events, events_help, {{"type", "auth_failure"}})},
      unfinished_{in.make_counter("acgs_http_handshakes_unfinished_total",
                                  "TLS handshakes of HTTP that ended without a "
                                  "wrong proof: the peer left, was too late, "
                                  "or refused the node")},
      foreign_{
          in.make_counter(events, events_help, {{"type", "foreign_origin"}})},
      rate_limited_{in.make_counter("acgs_rate_limited_total",
                                    "Requests beyond their caller's rate",
                                    {{"gateway", "http"}})},
      connections_{in.make_gauge("acgs_http_connections",
                                 "HTTP connections that are open")},
      bodies_{in.make_gauge("acgs_http_body_bytes",
                            "Bodies of requests that are held, but for the "
                            "first 16 KiB of each")} {
  for (const auto& at : table)
    endpoints_.emplace_back(at.pattern);
  // At 0 before they happen, so that a rate sees the first of them, too.
  for (std::size_t i = 0; i < table.size(); ++i)
    for (std::size_t code = 0; code < ec_names.size(); ++code)
      counter_of(i, table[i].verb, status_of(static_cast<ec>(code)));
}

void metrics::refused_credential() {
  attempts_refused_.increment();
  failures_.increment();
  events_.increment();
}

metrics::series& metrics::series_of(std::optional<std::size_t> route_index,
                                    http::method verb) {
  auto& out = route_index ? by_route_[*route_index] : without_route_[verb];
  if (!out.took)
    out.took = registry_.make_histogram(
        "acgs_http_request_duration_seconds",
        "Time from a request's last byte to its answer",
        acgs::metrics::latency_bounds(),
        {{"method", std::string{http::to_string_view(verb)}},
         {"endpoint", route_index ? endpoints_[*route_index] : "none"}});
  return out;
}

acgs::metrics::counter&
metrics::counter_of(std::optional<std::size_t> route_index, http::method verb,
                    unsigned status) {
  auto& known = series_of(route_index, verb).by_status;
  auto found = known.find(status);
  if (found == known.end())
    found =
        known
            .emplace(status,
                     registry_.make_counter(
                         "acgs_http_requests_total", "HTTP requests",
                         {{"method", std::string{http::to_string_view(verb)}},
                          {"endpoint",
                           route_index ? endpoints_[*route_index] : "none"},
                          {"status", std::to_string(status)}}))
            .first;
  return found->second;
}

void metrics::answered(std::optional<std::size_t> route_index,
                       http::method verb, unsigned status,
                       std::chrono::nanoseconds took) {
  ++requests_;
  failures_count_ += status >= 500 ? 1 : 0;
  series_of(route_index, verb).took->observe(took);
  counter_of(route_index, verb, status).increment();
}

} // namespace acgs::http_gateway
