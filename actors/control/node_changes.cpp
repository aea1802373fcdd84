// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Modes, limits, keys and the log level.

#include "actors/control/apply.hpp"
#include "actors/control/changes.hpp"
#include "actors/control/command_body.hpp"

#include "runtime/base/log.hpp"

namespace acgs::control::changes {

namespace {

constexpr double rate_max = 1e9;

caf::error no_body(const domain::command& what) {
  if (what.body.empty())
    return {};
  return make_error(ec::invalid_argument, std::string{to_string_view(what.kind)}
                                              + " takes no body, not "
                                              + shown(what.body));
}

caf::error switch_mode(domain::mode& mode, const domain::command& what) {
  if (what.name != "on" && what.name != "off")
    return make_error(ec::invalid_argument,
                      "a mode is \"on\" or \"off\", not " + shown(what.name));
  if (auto wrong = no_body(what))
    return wrong;
  bool on = what.name == "on";
  // Who switched it on first stays on record while it is on.
  if (on && mode.on)
    return {};
  mode = {on, std::string{what.caller.subject}, std::string{what.reason},
          what.time_nanos};
  return {};
}

constexpr std::string_view role_prefix = "role:";

caf::error check_limit_name(std::string_view name) {
  if (!name.starts_with(role_prefix))
    return check_identifier("subject", name, bounds::name_bytes);
  if (domain::parse_role(name.substr(role_prefix.size())))
    return {};
  return make_error(ec::invalid_argument,
                    "a limit for " + shown(name)
                        + ": expected role:NAME with agent, viewer, analyst, "
                          "operator or admin");
}

} // namespace

caf::error set_strict_mode(domain::control_state& next,
                           const domain::command& what) {
  return switch_mode(next.strict, what);
}

caf::error set_lockdown(domain::control_state& next,
                        const domain::command& what) {
  return switch_mode(next.lockdown, what);
}

caf::error set_limit(domain::control_state& next, const domain::command& what) {
  if (auto wrong = check_limit_name(what.name))
    return wrong;
  std::string name{what.name};
  if (what.body == "null") {
    if (next.limits.erase(name) == 0)
      return make_error(ec::not_found, "there is no limit for " + shown(name));
    return {};
  }
  command_body body{what.body, {"requests_per_second", "burst"}};
  domain::rate_limit limit;
  limit.requests_per_second = body.number("requests_per_second", rate_max);
  limit.burst = body.number("burst", rate_max);
  if (body.wrong())
    return body.wrong();
  if (!next.limits.contains(name) && next.limits.size() >= bounds::limits)
    return make_error(ec::too_large, "there are "
                                         + std::to_string(bounds::limits)
                                         + " limits already");
  next.limits[name] = limit;
  return {};
}

caf::error key_event(domain::control_state& next, const domain::command& what) {
  constexpr std::array<std::string_view, 3> purposes{"checkpoint", "token",
                                                     "bundle"};
  constexpr std::array<std::string_view, 3> events{"created", "retired",
                                                   "revoked"};
  if (auto wrong = check_name("key name", what.name, bounds::name_bytes))
    return wrong;
  command_body body{what.body, {"purpose", "event", "verifier_key"}};
  auto purpose = body.one_of<std::size_t>("purpose", purposes);
  auto event = body.one_of<std::size_t>("event", events);
  auto verifier = body.text("verifier_key", 1000);
  if (body.wrong())
    return body.wrong();
  std::string name{what.name};
  auto found = next.keys.find(name);
  if (found == next.keys.end()) {
    if (event != 0)
      return make_error(ec::not_found, "there is no key " + shown(name));
    if (next.keys.size() >= bounds::keys)
      return make_error(ec::too_large, "there are "
                                           + std::to_string(bounds::keys)
                                           + " keys already");
    found = next.keys.emplace(name, domain::key_record{}).first;
  } else if (found->second.verifier_key != verifier) {
    return make_error(ec::conflict,
                      "the name " + shown(name) + " is another key's");
  } else if (found->second.revoked) {
    return make_error(ec::conflict,
                      "the key " + shown(name) + " was revoked, for ever");
  }
  auto& key = found->second;
  key.purpose = purposes[purpose];
  key.verifier_key = std::move(verifier);
  key.active = event == 0;
  key.revoked = event == 2;
  key.time_nanos = what.time_nanos;
  return {};
}

caf::error set_log_level(domain::control_state& next,
                         const domain::command& what) {
  auto level = log::parse_level(what.body);
  if (!level)
    return make_error(ec::invalid_argument,
                      "log level " + shown(what.body)
                          + ": expected DEBUG, INFO, WARNING or ERROR");
  next.log_level = to_string_view(*level);
  return {};
}

} // namespace acgs::control::changes
