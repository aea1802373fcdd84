// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The node as OPA's clients ask for it: its configuration, without anything
// that is secret, and its status.

#include "actors/http_gateway/call.hpp"
#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/json_pretty.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/time_text.hpp"
#include "runtime/net/http/response_writer.hpp"

#include <algorithm>
#include <map>

namespace acgs::http_gateway {

namespace {

using http::method;

std::string labels_of(const config& settings) {
  json_object out;
  out.text("id", settings.node_name);
  if (!settings.cluster_name.empty())
    out.text("cluster", settings.cluster_name);
  return out.text("version", settings.version).take();
}

/// {"result": ...}, indented where the client wants it so.
void answer_result(const call_ptr& who, const std::string& result) {
  auto options = read_options(who->query);
  auto body = json_object{}.raw("result", result).take();
  who->answer_json(options.pretty ? pretty_json(body) : std::move(body));
}

void show_config(const call_ptr& who) {
  const auto& settings = who->with.settings;
  auto most = settings.server.bounds.body_bytes;
  auto packed = json_object{}.number("max_length", most).take();
  auto server =
      json_object{}
          .raw("decoding", json_object{}
                               .number("max_length", most)
                               .raw("gzip", packed)
                               .take())
          .raw("encoding",
               json_object{}
                   .raw("gzip", json_object{}
                                    .number("min_length",
                                            http::response_writer::gzip_from)
                                    .take())
                   .take());
  answer_result(who,
                json_object{}
                    .raw("labels", labels_of(settings))
                    .text("default_decision", "/" + settings.default_decision)
                    .text("default_authorization_decision", "/acgs/admin/allow")
                    .raw("server", server.take())
                    .take());
}

/// OPA's words for the state of a plugin.
std::string_view state_of(health_status from) {
  switch (from) {
  case health_status::healthy:
    return "OK";
  case health_status::degraded:
    return "WARN";
  default:
    return "ERROR";
  }
}

std::string time_text(std::int64_t nanos) {
  return to_rfc3339(from_nanos(nanos));
}

/// A bundle that is active, and why a later one of its name is not.
std::string bundle_json(const std::string& name,
                        const domain::control_state& in,
                        const control::bundle_faults& faults) {
  json_object out;
  out.text("name", name);
  if (auto at = in.bundles.find(name); at != in.bundles.end()) {
    out.text("active_revision", at->second.bundle_revision)
        .text("last_successful_activation", time_text(at->second.time_nanos));
    const auto& digests = at->second.digests;
    auto last = in.archives.find(
        {digests.empty() ? std::string{} : digests.back(), name});
    if (last != in.archives.end())
      out.text("last_successful_download", time_text(last->second.time_nanos))
          .text("type", last->second.is_delta ? "delta" : "snapshot")
          .number("size", last->second.bytes);
  }
  if (auto at = faults.find(name); at != faults.end())
    out.text("code", at->second.code)
        .text("message", at->second.message)
        .text("last_request", time_text(at->second.time_nanos));
  return out.take();
}

/// What is active, as OPA shows the bundles that it has loaded. What came
/// otherwise is shown beside them, unless a bundle has that name.
std::string bundles_of(const present& now) {
  json_object out;
  std::map<std::string, std::string> shown;
  json_object constitution;
  constitution.text("name", "constitution")
      .text("active_revision", now.constitution_digest());
  json_object policies;
  policies.text("name", "policies");
  if (const auto& state = now.control()) {
    std::int64_t since = 0;
    for (const auto& [path, module] : state->constitution)
      since = std::max(since, module.time_nanos);
    constitution.text("last_successful_activation", time_text(since));
    policies.text("active_revision", std::to_string(state->revision))
        .text("last_successful_activation", time_text(state->time_nanos));
    for (const auto& [name, active] : state->bundles)
      shown[name] = bundle_json(name, *state, now.faults());
    for (const auto& [name, fault] : now.faults())
      shown[name] = bundle_json(name, *state, now.faults());
  }
  shown.emplace("constitution", constitution.take());
  shown.emplace("policies", policies.take());
  for (const auto& [name, json] : shown)
    out.raw(name, json);
  return out.take();
}

void show_status(const call_ptr& who) {
  who->ask(who->with.others().health.get(), health::get_report{},
           [who](const health::report& found) {
             json_object plugins;
             for (const auto& at : found.components) {
               json_object one;
               one.text("state", state_of(at.status));
               if (!at.reason.empty())
                 one.text("message", at.reason);
               plugins.raw(at.name, one.take());
             }
             answer_result(who,
                           json_object{}
                               .raw("labels", labels_of(who->with.settings))
                               .raw("bundles", bundles_of(who->with.core.now()))
                               .raw("plugins", plugins.take())
                               .take());
           });
}

} // namespace

void add_opa_node_routes(std::vector<route>& to) {
  constexpr auto style = error_style::opa;
  to.push_back({method::get, "/v1/config", auth::verb::read_policies, style,
                "acgsd --print-config", show_config});
  to.push_back({method::get, "/v1/status", auth::verb::info, style,
                "acgs node show", show_status});
}

} // namespace acgs::http_gateway
