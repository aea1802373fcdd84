// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The decision cache, by the names that the runbooks call.

#include "actors/http_gateway/gate.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/routes/routes.hpp"

namespace acgs::http_gateway {

namespace {

using http::method;

void warm(const call_ptr& who) {
  permit(who, deed_of(*who, "warm_cache", ""), [who] {
    who->ask(who->with.others().policy.get(), policy::warm_cache{},
             [who](const policy::warmed& done) {
               who->answer_json(
                   json_object{}
                       .number("warmed_scenarios", done.evaluated)
                       .number("total_scenarios", done.scenarios)
                       .number("cache_entries_added", done.added)
                       .number("warm_up_time_ms",
                               static_cast<double>(done.nanos / 1000) / 1000.0)
                       .take());
             });
  });
}

void clear(const call_ptr& who) {
  auto reason = reason_of(*who);
  if (!reason)
    return who->fail(reason.error());
  permit(who, deed_of(*who, "clear_cache", "", *reason), [who] {
    who->ask(who->with.others().policy.get(), policy::clear_cache{},
             [who](const policy::cleared& done) {
               who->answer_json(json_object{}
                                    .text("status", "cleared")
                                    .number("entries_cleared", done.entries)
                                    .take());
             });
  });
}

} // namespace

void add_cache_routes(std::vector<route>& to) {
  constexpr auto right = auth::verb::manage_cache;
  constexpr auto style = error_style::runbook;
  to.push_back(
      {method::get, "/v1/cache/warm", right, style, "acgs cache warm", warm});
  to.push_back(
      {method::post, "/v1/cache/warm", right, style, "acgs cache warm", warm});
  to.push_back({method::post, "/admin/clear-cache", right, style,
                "acgs cache clear", clear});
}

} // namespace acgs::http_gateway
