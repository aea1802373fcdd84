// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/constitution_check.hpp"

#include "actors/control/apply.hpp"
#include "actors/control/preparation.hpp"
#include "actors/evaluator/reference.hpp"
#include "actors/node/constitution_files.hpp"
#include "runtime/auth/admin_gate.hpp"
#include "runtime/domain/own_decisions.hpp"

#include <algorithm>

namespace acgs::node {

namespace {

caf::error of_key(const char* key, const caf::error& from) {
  return make_error(code_of(from), key + (": " + sentence_of(from)));
}

caf::error of_folder(const caf::error& from) {
  return of_key("constitution.directory", from);
}

/// Whether a rule makes the document or a part of it.
bool makes(const rego::policy& policies, std::string_view document) {
  auto rules = policies.rules();
  return std::any_of(rules.begin(), rules.end(), [&](const auto& rule) {
    std::string_view path = rule.path;
    return !rule.is_function && path.starts_with(document)
           && (path.size() == document.size() || path[document.size()] == '.');
  });
}

/// Without these a node would run and be healthy, but permit nothing for ever:
/// where no administrator may do anything, nobody can mend it or lock it down.
caf::error check_decides(const rego::policy& policies,
                         const std::filesystem::path& folder) {
  static constexpr std::pair<std::string_view, const char*> wanted[] = {
      {domain::own_decisions.front(), "which says what agents may do"},
      {auth::admin_path, "which says what administrators may do"}};
  std::string missing;
  for (auto [path, what] : wanted) {
    auto document = evaluator::reference_of(path);
    if (!makes(policies, document))
      missing += (missing.empty() ? "" : ", and ") + document + ", " + what;
  }
  return missing.empty() ? caf::error{}
                         : make_error(ec::policy_invalid,
                                      "'" + folder.string()
                                          + "' is no whole constitution: no "
                                            "rule makes "
                                          + missing);
}

/// By what CONTROL does with the command of a first start.
result<snapshot_ptr> compile(const module_texts& modules,
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
  if (!taken)
    return taken.error();
  return taken->compiled;
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
  auto compiled = compile(*modules, from.aliases);
  if (!compiled)
    return of_folder(compiled.error());
  auto wrong = check_decides(*(*compiled)->policies(), from.directory);
  return wrong ? of_folder(wrong) : caf::error{};
}

caf::error check_policies(const config::policy_settings& from) {
  auto modules = read_policies(from.directories);
  return modules ? caf::error{} : of_key("policy.directories", modules.error());
}

} // namespace acgs::node
