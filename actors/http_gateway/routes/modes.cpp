// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Strict mode and lockdown, on and off.

#include "actors/http_gateway/gate.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/routes/routes.hpp"

namespace acgs::http_gateway {

namespace {

using domain::command_kind;
using http::method;

void set(const call_ptr& who, command_kind kind, std::string_view mode,
         bool on) {
  auto given = reason_of(*who);
  if (!given)
    return who->fail(given.error());
  auto reason = std::move(*given);
  auto what = deed_of(*who, std::string{to_string_view(kind)},
                      on ? "on" : "off", reason);
  carry_out(who, std::move(what), {kind, on ? "on" : "off"},
            [who, mode, on, reason](const control::applied& done) {
              who->answer_json(json_object{}
                                   .text("status", on ? "enabled" : "disabled")
                                   .text("mode", mode)
                                   .flag("enabled", on)
                                   .text("by", who->who.subject)
                                   .text("reason", reason)
                                   .number("revision", done.revision)
                                   .number("ledger_index", done.index)
                                   .take());
            });
}

} // namespace

void add_mode_routes(std::vector<route>& to) {
  auto add = [&](std::string_view path, std::string_view command,
                 void (*serve)(const call_ptr&)) {
    to.push_back({method::post, path, auth::verb::manage_modes,
                  error_style::runbook, command, serve});
  };
  add("/admin/enable-strict-mode", "acgs strict-mode on",
      [](const call_ptr& who) {
        set(who, command_kind::set_strict_mode, "strict", true);
      });
  add("/admin/disable-strict-mode", "acgs strict-mode off",
      [](const call_ptr& who) {
        set(who, command_kind::set_strict_mode, "strict", false);
      });
  add("/admin/emergency-lockdown", "acgs lockdown on --reason TEXT",
      [](const call_ptr& who) {
        set(who, command_kind::set_lockdown, "lockdown", true);
      });
  add("/admin/lift-lockdown", "acgs lockdown off --reason TEXT",
      [](const call_ptr& who) {
        set(who, command_kind::set_lockdown, "lockdown", false);
      });
}

} // namespace acgs::http_gateway
