// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/activation.hpp"

#include "actors/control/protocol.hpp"
#include "actors/node/ask.hpp"
#include "actors/node/constitution_files.hpp"
#include "actors/node/log.hpp"
#include "runtime/snapshot/snapshot.hpp"

namespace acgs::node {

namespace {

/// A first start compiles the constitution and syncs: a minute is plenty.
constexpr auto timeout = std::chrono::seconds{60};

/// CONTROL answers once it has taken up its store and the ledger has got what
/// a crash swallowed.
result<control::published> present(parts& of) {
  auto within = of.settings.process.start_timeout;
  auto got = ask<control::published>(of.system, of.actors->find(control::key),
                                     within, control::get_published{});
  if (got || code_of(got.error()) != ec::timed_out)
    return got;
  return make_error(ec::unavailable,
                    "control state was not taken up within "
                    "process.start_timeout: the log says what it waits for");
}

caf::error carry_out(parts& of, domain::command_kind kind,
                     std::string_view name, std::string_view body) {
  domain::command command;
  command.kind = kind;
  command.name = name;
  command.body = body;
  command.reason = "found in the configuration when the node started";
  command.time_nanos = to_nanos(of.time.now());
  command.caller.subject = of.settings.node.name;
  command.caller.role_ = domain::role::admin;
  command.caller.method = domain::auth_method::internal;
  auto done = ask<control::applied>(of.system, of.actors->find(control::key),
                                    timeout, wire::command{command});
  return done ? caf::error{} : done.error();
}

/// Policies see what constitutions are called, so a replay must know it as it
/// was.
caf::error activate_aliases(parts& of, const domain::control_state& now) {
  const auto& wanted = of.settings.constitution.aliases;
  if (wanted == now.aliases.value_or(domain::constitution_aliases{}))
    return {};
  logger.info("the configuration calls constitutions otherwise",
              {{"event", "aliases_changed"}});
  return carry_out(of, domain::command_kind::set_aliases, {}, as_json(wanted));
}

caf::error activate_constitution(parts& of, const domain::control_state& now) {
  auto modules = read_modules(of.settings.constitution.directory);
  if (!modules)
    return modules.error();
  auto wanted = digest_of(*modules);
  if (wanted == now.constitution_digest)
    return {};
  logger.info("another constitution is in the configured folder",
              {{"event", "constitution_changed"}, {"to", to_hex(wanted)}});
  return carry_out(of, domain::command_kind::set_constitution, to_hex(wanted),
                   as_json(*modules));
}

caf::error activate_policies(parts& of, const domain::control_state& now) {
  for (const auto& folder : of.settings.policy.directories) {
    auto modules = read_modules(folder);
    if (!modules)
      return modules.error();
    for (const auto& [path, text] : *modules) {
      auto found = now.policies.find(path);
      if (found != now.policies.end() && *found->second.text == text)
        continue;
      if (auto error =
              carry_out(of, domain::command_kind::put_policy, path, text))
        return error;
    }
  }
  return {};
}

/// The constitution by the name that clients see, and by its digest.
std::string called(const control::published& now) {
  auto digest = to_hex(now.state->constitution_digest);
  auto alias = now.compiled ? now.compiled->constitution().shown : digest;
  return "'" + alias + "', of the digest " + digest;
}

caf::error hold_to_pin(parts& of) {
  const auto& pin = of.settings.constitution.pin;
  if (pin.empty())
    return {};
  auto now = present(of);
  if (!now)
    return now.error();
  if (now->compiled && now->compiled->is_constitution(pin))
    return {};
  return make_error(ec::hash_mismatch,
                    "constitution.pin is '" + pin
                        + "', but the active constitution is " + called(*now));
}

} // namespace

caf::error activate_configured(parts& of) {
  auto now = present(of);
  if (!now)
    return now.error();
  if (auto error = activate_aliases(of, *now->state))
    return error;
  if (auto error = activate_constitution(of, *now->state))
    return error;
  if (auto error = activate_policies(of, *now->state))
    return error;
  return hold_to_pin(of);
}

} // namespace acgs::node
