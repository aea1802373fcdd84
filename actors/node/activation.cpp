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

/// Whether a policy of this id was ever put.
result<bool> was_put(parts& of, const std::string& id) {
  control::get_history which;
  which.name = id;
  for (;;) {
    auto page = ask<control::history>(of.system, of.actors->find(control::key),
                                      timeout, which);
    if (!page)
      return page.error();
    for (const auto& item : page->items)
      if (item.command->kind == domain::command_kind::put_policy)
        return true;
    if (page->items.empty())
      return false;
    which.before = page->items.back().revision;
  }
}

/// Once: what somebody has put or deleted since stays so, however often the
/// node starts.
caf::error activate_policy(parts& of, const domain::control_state& now,
                           const std::string& id, const std::string& text) {
  auto found = now.policies.find(id);
  bool there = found != now.policies.end();
  if (there && *found->second.text == text)
    return {};
  auto before = there ? result<bool>{true} : was_put(of, id);
  if (!before)
    return before.error();
  if (!*before)
    return carry_out(of, domain::command_kind::put_policy, id, text);
  logger.info("a configured policy was changed or deleted since it was put, "
              "and stays so",
              {{"event", "configured_policy_stays"},
               {"policy", id},
               {"active", there}});
  return {};
}

caf::error activate_policies(parts& of, const domain::control_state& now) {
  auto modules = read_policies(of.settings.policy.directories);
  if (!modules)
    return modules.error();
  for (const auto& [id, text] : *modules)
    if (auto error = activate_policy(of, now, id, text))
      return make_error(code_of(error), "policy.directories: " + id + ": "
                                            + sentence_of(error));
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
