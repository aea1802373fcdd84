// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Figures: Prometheus text, and the JSON that the runbooks' operators read.

#include "actors/http_gateway/call.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/metrics/registry.hpp"

namespace acgs::http_gateway {

namespace {

using http::method;
using summary = acgs::metrics::decision_stats::summary;

double rate(std::uint64_t hits, std::uint64_t misses) {
  auto all = hits + misses;
  return all == 0 ? 0.0 : static_cast<double>(hits) / static_cast<double>(all);
}

std::string percentiles(const acgs::metrics::decision_stats::percentiles& of) {
  return json_object{}
      .number("p50", to_milliseconds(of.p50))
      .number("p95", to_milliseconds(of.p95))
      .number("p99", to_milliseconds(of.p99))
      .take();
}

/// An answer is found in the first tier, or else perhaps in the second.
struct cache_rates {
  explicit cache_rates(const policy::cache_stats& of)
      : all{rate(of.l1_hits + of.l2_hits, misses_of(of))},
        l1{rate(of.l1_hits, of.l1_misses)}, l2{rate(of.l2_hits, of.l2_misses)} {
    // Rates are 0 where nothing was asked yet.
  }
  static std::uint64_t misses_of(const policy::cache_stats& of) {
    return of.l1_misses > of.l2_hits ? of.l1_misses - of.l2_hits : 0;
  }
  double all, l1, l2;
};

std::string cache_stats(const policy::cache_stats& of) {
  return json_object{}
      .number("l1_size", of.l1_entries)
      .number("l1_max_size", of.l1_max)
      .number("l1_utilization", of.l1_max == 0
                                    ? 0.0
                                    : static_cast<double>(of.l1_entries)
                                          / static_cast<double>(of.l1_max))
      .number("l2_size", of.l2_entries)
      .number("l2_max_size", of.l2_max)
      .number("hit_rate", cache_rates{of}.all)
      .take();
}

std::string cache(const policy::cache_stats& of) {
  return json_object{}
      .number("hits", of.l1_hits + of.l2_hits)
      .number("misses", cache_rates::misses_of(of))
      .number("total_entries", of.l1_entries + of.l2_entries)
      .number("hit_rate", cache_rates{of}.all)
      .take();
}

std::string policies(const present& now) {
  std::size_t own = 0, users = 0;
  if (const auto& state = now.control()) {
    own = state->constitution.size();
    users = state->policies.size();
  }
  return json_object{}
      .number("total", own + users)
      .raw("by_category", json_object{}
                              .number("constitution", own)
                              .number("user", users)
                              .take())
      .take();
}

std::string targets_met(const summary& now, const cache_rates& rates) {
  using std::chrono::microseconds;
  return json_object{}
      .flag("p50_under_0_5ms", now.latency.p50 < microseconds{500})
      .flag("p95_under_0_8ms", now.latency.p95 < microseconds{800})
      .flag("p99_under_1ms", now.latency.p99 < microseconds{1000})
      .flag("cache_hit_rate_over_95", rates.all > 0.95)
      .take();
}

std::string body(const call& who, const policy::cache_stats& cached) {
  auto& with = who.with;
  auto now = with.decisions->summarise(with.time().steady_now());
  cache_rates rates{cached};
  json_object out;
  out.number("request_count", now.decisions)
      .number("uptime_seconds", with.uptime_seconds())
      .number("avg_latency_ms", to_milliseconds(now.latency.mean))
      .number("p99_latency_ms", to_milliseconds(now.latency.p99))
      .raw("percentiles", percentiles(now.latency))
      .raw("durable_percentiles", percentiles(now.durable))
      .number("cache_hit_rate", rates.all)
      .number("l1_hit_rate", rates.l1)
      .number("l2_hit_rate", rates.l2)
      .raw("cache_stats", cache_stats(cached))
      .raw("cache", cache(cached))
      .raw("policies", policies(with.core.now()))
      .raw("tools", "{}")
      .number("http_requests_total", with.counts.requests())
      .number("http_failures_total", with.counts.failures())
      .number("safety_violations_total", now.refusals)
      .number("safety_violations_per_minute", now.refusals_last_minute)
      .raw("targets_met", targets_met(now, rates))
      .text("constitutional_hash", with.core.now().constitution());
  return out.take();
}

void json_metrics(const call_ptr& who) {
  who->ask(who->with.others().policy.get(), policy::get_cache_stats{},
           [who](const policy::cache_stats& cached) {
             who->answer_json(body(*who, cached));
           });
}

void prometheus_text(const call_ptr& who) {
  http::response out;
  out.content_type = "text/plain; version=0.0.4; charset=utf-8";
  out.body = who->with.settings.registry->text();
  who->answer(std::move(out));
}

} // namespace

void add_metrics_routes(std::vector<route>& to) {
  auto add = [&](std::string_view path, std::string_view command,
                 void (*serve)(const call_ptr&)) {
    to.push_back({method::get, path, auth::verb::metrics, error_style::runbook,
                  command, serve});
  };
  add("/v1/metrics", "acgs top", json_metrics);
  add("/api/v1/metrics", "acgs top", json_metrics);
  add("/metrics", "", prometheus_text);
  add("/api/v1/metrics/prometheus", "", prometheus_text);
}

} // namespace acgs::http_gateway
