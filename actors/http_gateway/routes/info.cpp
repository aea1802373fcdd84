// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What node this is, and what it decides by.

#include "actors/http_gateway/call.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/time_text.hpp"
#include "runtime/snapshot/snapshot.hpp"

namespace acgs::http_gateway {

namespace {

using http::method;

std::string mode_text(const domain::mode& from) {
  json_object out;
  out.flag("enabled", from.on);
  if (from.on)
    out.text("by", from.by)
        .text("reason", from.reason)
        .text("since", to_rfc3339(from_nanos(from.since_nanos)));
  return out.take();
}

void info(const call_ptr& who) {
  const auto& settings = who->with.settings;
  const auto& now = who->with.core.now();
  json_object out;
  out.text("service", "acgs")
      .text("version", settings.version)
      .text("node", settings.node_name)
      .text("cluster", settings.cluster_name)
      .text("constitutional_hash", now.constitution())
      .text("constitution_digest", now.constitution_digest())
      .number("uptime_seconds", who->with.uptime_seconds())
      .text("started_at", to_rfc3339(settings.started.wall))
      .text("timestamp", to_rfc3339(who->with.time().now()));
  if (const auto& state = now.control())
    out.number("revision", state->revision)
        .number("policies", state->policies.size() + state->constitution.size())
        .raw("strict_mode", mode_text(state->strict))
        .raw("lockdown", mode_text(state->lockdown));
  who->answer_json(out.take());
}

/// Counts the constitution's digest anew from its files.
void validate(const call_ptr& who) {
  const auto& now = who->with.core.now();
  const auto& state = now.control();
  if (!state)
    return who->fail(
        make_error(ec::unavailable, "no control state is known yet"));
  bool valid =
      digest_of_modules(state->constitution) == state->constitution_digest;
  const auto& pin = who->with.settings.constitution_pin;
  auto digits = now.constitution_digest().substr(0, 16);
  json_object out;
  out.flag("valid", valid && (pin.empty() || now.is_constitution(pin)))
      .text("constitutional_hash", now.constitution())
      .text("digest", now.constitution_digest());
  if (now.constitution() == digits)
    out.raw("alias_of", "null");
  else
    out.text("alias_of", digits);
  if (pin.empty())
    out.raw("pinned", "null");
  else
    out.text("pinned", pin);
  out.number("files", state->constitution.size())
      .number("revision", state->revision)
      .text("timestamp", to_rfc3339(who->with.time().now()));
  who->answer({.status = valid ? 200u : 503u, .body = out.take()});
}

} // namespace

void add_info_routes(std::vector<route>& to) {
  auto add = [&](std::string_view path, auth::verb right, error_style style,
                 std::string_view command, void (*serve)(const call_ptr&)) {
    to.push_back({method::get, path, right, style, command, serve});
  };
  using auth::verb;
  add("/api/v1/info", verb::info, error_style::runbook, "acgs node show", info);
  add("/api/v1/status", verb::info, error_style::runbook, "acgs node show",
      info);
  add("/api/v1/constitutional/validate", verb::info, error_style::runbook, "",
      validate);
}

} // namespace acgs::http_gateway
