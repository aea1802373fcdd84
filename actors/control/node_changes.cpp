// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Modes, limits, keys, the log level and the names of constitutions.

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

namespace {

enum class happened : std::size_t { created, retired, revoked, rotated };

constexpr std::array<std::string_view, 4> happenings{"created", "retired",
                                                     "revoked", "rotated"};
constexpr std::size_t statement_bytes = 8192;

/// The record that the event is about, made where it begins one.
result<domain::key_record*> record_of(domain::control_state& next,
                                      const std::string& name, happened event,
                                      const std::string& verifier) {
  auto found = next.keys.find(name);
  if (found == next.keys.end()) {
    if (event != happened::created && event != happened::rotated)
      return make_error(ec::not_found, "there is no key " + shown(name));
    if (next.keys.size() >= bounds::keys)
      return make_error(ec::too_large, "there are "
                                           + std::to_string(bounds::keys)
                                           + " keys already");
    return &next.keys.emplace(name, domain::key_record{}).first->second;
  }
  if (found->second.verifier_key != verifier)
    return make_error(ec::conflict,
                      "the name " + shown(name) + " is another key's");
  if (found->second.revoked)
    return make_error(ec::conflict,
                      "the key " + shown(name) + " was revoked, for ever");
  return &found->second;
}

} // namespace

caf::error key_event(domain::control_state& next, const domain::command& what) {
  constexpr std::array<std::string_view, 3> purposes{"checkpoint", "token",
                                                     "bundle"};
  if (auto wrong = check_name("key name", what.name, bounds::name_bytes))
    return wrong;
  command_body body{
      what.body, {"purpose", "event", "verifier_key", "replaces", "statement"}};
  auto purpose = body.one_of<std::size_t>("purpose", purposes);
  auto event = body.one_of<happened>("event", happenings);
  auto verifier = body.text("verifier_key", 1000);
  auto replaces = body.optional_text("replaces", bounds::name_bytes);
  // Kept in the history and the ledger; the state need not know it.
  body.optional_lines("statement", statement_bytes);
  if (body.wrong())
    return body.wrong();
  auto found = record_of(next, std::string{what.name}, event, verifier);
  if (!found)
    return found.error();
  auto& key = **found;
  key.purpose = purposes[purpose];
  key.verifier_key = std::move(verifier);
  key.active = event == happened::created || event == happened::rotated;
  key.revoked = event == happened::revoked;
  key.time_nanos = what.time_nanos;
  auto before = next.keys.find(replaces);
  if (event == happened::rotated && before != next.keys.end()) {
    before->second.active = false;
    before->second.time_nanos = what.time_nanos;
  }
  return {};
}

namespace {

constexpr std::size_t aliases_max = 64;

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits
         && text.find_first_not_of("0123456789abcdef") == text.npos;
}

} // namespace

caf::error set_aliases(domain::control_state& next,
                       const domain::command& what) {
  auto body = json::parse(what.body, {.bytes = 65536, .depth = 2});
  if (!body)
    return body.error();
  auto members = body->if_object();
  if (!members || members->size() > aliases_max)
    return make_error(ec::invalid_argument,
                      "aliases must be an object of at most "
                          + std::to_string(aliases_max)
                          + " digests of constitutions to names");
  domain::constitution_aliases table;
  for (const auto& [digest, name] : *members) {
    if (!is_hex(digest, 64) || !name.if_string()
        || !is_hex(*name.if_string(), 16))
      return make_error(ec::invalid_argument,
                        "the alias of " + shown(digest)
                            + ": expected 64 and 16 lower-case hexadecimal "
                              "digits");
    table.emplace(digest, *name.if_string());
  }
  next.aliases = std::move(table);
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
