// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// How the node does, as HEALTH found it. Only components that exist are named.

#include "actors/http_gateway/call.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/time_text.hpp"

#include <algorithm>

namespace acgs::http_gateway {

namespace {

using http::method;

/// The facts are an object of members of their own: they stand beside status.
std::string component_json(const health::component_report& from) {
  json_object out;
  out.text("status", to_string_view(from.status));
  if (!from.reason.empty())
    out.text("reason", from.reason);
  out.text("since", to_rfc3339(from.since));
  if (from.stale_for.count() > 0)
    out.flag("stale", true)
        .number("age_seconds",
                std::chrono::duration_cast<std::chrono::seconds>(from.stale_for)
                    .count());
  auto text = out.take();
  std::string_view facts = from.facts;
  if (facts.size() > 2 && facts.front() == '{') {
    text.back() = ',';
    text += facts.substr(1);
  }
  return text;
}

unsigned status_of_health(health_status from) {
  return from == health_status::unhealthy ? 503 : 200;
}

std::string performance(const call& who) {
  auto now = who.with.decisions->summarise(who.with.time().steady_now());
  return json_object{}
      .number("request_count", now.decisions)
      .number("avg_latency_ms", to_milliseconds(now.latency.mean))
      .number("p99_latency_ms", to_milliseconds(now.latency.p99))
      .raw("targets_met",
           json_object{}
               .flag("p99_under_1ms",
                     now.latency.p99 < std::chrono::milliseconds{1})
               .take())
      .take();
}

std::string report_json(const call& who, const health::report& from) {
  json_object components;
  for (const auto& at : from.components)
    components.raw(at.name, component_json(at));
  json_object out;
  out.text("status", to_string_view(from.status)).text("service", "acgs");
  out.text("version", who.with.settings.version)
      .text("constitutional_hash", who.with.core.now().constitution())
      .number("uptime_seconds", who.with.uptime_seconds())
      .flag("ready", from.ready && !who.with.draining);
  if (!from.reason.empty())
    out.text("reason", from.reason);
  out.raw("components", components.take())
      .raw("performance", performance(who))
      .text("timestamp", to_rfc3339(who.with.time().now()));
  return out.take();
}

/// What OPA's clients may ask for beside.
struct wanted {
  bool bundles = false;              ///< bundles and policies are active
  bool plugins = false;              ///< each component is healthy
  std::vector<std::string> left_out; ///< components that do not count
};

wanted read_wanted(const http::query_parameters& from) {
  wanted out;
  out.bundles = from.flag("bundles");
  out.plugins = from.flag("plugins");
  for (auto name : from.all("exclude-plugin"))
    out.left_out.emplace_back(name);
  return out;
}

unsigned status_of(const call& who, const health::report& found,
                   const wanted& what) {
  auto is_well = [&](const health::component_report& at) {
    return at.status == health_status::healthy
           || std::find(what.left_out.begin(), what.left_out.end(), at.name)
                  != what.left_out.end();
  };
  if (what.bundles && !who.with.core.now().bundles_active())
    return 503;
  if (what.plugins
      && !std::all_of(found.components.begin(), found.components.end(),
                      is_well))
    return 503;
  return status_of_health(found.status);
}

/// How old a report may be that a caller gets who asks too often.
constexpr std::chrono::seconds age_max{1};

/// Hands on what HEALTH says, or said a moment ago.
template <class Then>
void with_report(const call_ptr& who, Then then) {
  auto& last = who->with.health;
  auto now = who->with.time().steady_now();
  if (who->too_often && last && now - last->when < age_max)
    return then(last->what);
  who->ask(who->with.others().health.get(), health::get_report{},
           [who, now, then = std::move(then)](const health::report& found) {
             who->with.health = {found, now};
             then(found);
           });
}

void all(const call_ptr& who) {
  auto what = read_wanted(who->query);
  with_report(who, [who, what](const health::report& found) {
    who->answer({.status = status_of(*who, found, what),
                 .body = report_json(*who, found)});
  });
}

void one(const call_ptr& who) {
  with_report(who, [who](const health::report& found) {
    std::string known;
    for (const auto& at : found.components) {
      if (at.name == who->capture(0))
        return who->answer({.status = status_of_health(at.status),
                            .body = component_json(at)});
      known += (known.empty() ? "" : ", ") + at.name;
    }
    who->fail(make_error(ec::not_found, "there is no component '"
                                            + who->capture(0)
                                            + "'; there are: " + known));
  });
}

void ready(const call_ptr& who) {
  with_report(who, [who](const health::report& found) {
    bool stopping = who->with.draining;
    bool is_ready =
        found.ready && !stopping && who->with.core.now().control() != nullptr;
    json_object out;
    out.flag("ready", is_ready).text("status", to_string_view(found.status));
    if (!is_ready)
      out.text("reason", stopping               ? "the node is stopping"
                         : found.reason.empty() ? "the node is starting"
                                                : found.reason);
    who->answer({.status = is_ready ? 200u : 503u, .body = out.take()});
  });
}

} // namespace

void add_health_routes(std::vector<route>& to) {
  auto add = [&](std::string_view path, void (*serve)(const call_ptr&)) {
    to.push_back({method::get, path, auth::verb::health, error_style::runbook,
                  "acgs health", serve});
  };
  add("/health", all);
  add("/api/v1/health", all);
  add("/v1/data/acgs/main/health", all);
  add("/health/{component}", one);
  add("/ready", ready);
}

} // namespace acgs::http_gateway
