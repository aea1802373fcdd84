// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/constitution_check.hpp"

#include "actors/control/apply.hpp"
#include "actors/control/preparation.hpp"
#include "actors/node/constitution_files.hpp"

namespace acgs::node {

namespace {

caf::error of_key(const char* key, const caf::error& from) {
  return make_error(code_of(from), key + (": " + sentence_of(from)));
}

caf::error of_folder(const caf::error& from) {
  return of_key("constitution.directory", from);
}

/// By what CONTROL does with the command of a first start.
caf::error check_taken(const module_texts& modules,
                       const domain::constitution_aliases& aliases) {
  auto name = to_hex(digest_of(modules));
  auto body = as_json(modules);
  domain::command put;
  put.kind = domain::command_kind::set_constitution;
  put.name = name;
  put.body = body;
  auto state = control::initial_state();
  auto compiled = snapshot::build(state, aliases, nullptr);
  if (!compiled)
    return compiled.error();
  auto taken =
      control::prepare({state, *compiled}, wire::command{put}, {}, aliases, {});
  return taken ? caf::error{} : taken.error();
}

caf::error check_pin(const config::constitution_settings& from,
                     const module_texts& modules) {
  domain::constitution_names names{digest_of(modules), from.aliases};
  if (from.pin.empty() || names.contains(from.pin))
    return {};
  return make_error(ec::hash_mismatch,
                    "constitution.pin: '" + from.pin
                        + "' is not the constitution in '"
                        + from.directory.string() + "'; expected '"
                        + names.shown + "', of the digest " + names.digest);
}

} // namespace

caf::error check_constitution(const config::constitution_settings& from) {
  auto modules = read_modules(from.directory);
  if (!modules)
    return of_folder(modules.error());
  if (auto wrong = check_pin(from, *modules))
    return wrong;
  auto wrong = check_taken(*modules, from.aliases);
  return wrong ? of_folder(wrong) : caf::error{};
}

caf::error check_policies(const config::policy_settings& from) {
  auto modules = read_policies(from.directories);
  return modules ? caf::error{} : of_key("policy.directories", modules.error());
}

} // namespace acgs::node
