// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Policies and the constitution.

#include "actors/control/apply.hpp"
#include "actors/control/bundle_changes.hpp"
#include "actors/control/bundle_content.hpp"
#include "actors/control/changes.hpp"
#include "actors/control/command_body.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/domain/policy_id.hpp"
#include "runtime/snapshot/snapshot.hpp"

#include <algorithm>

namespace acgs::control::changes {

namespace {

/// Where the constitution's modules stand among all modules.
constexpr std::string_view reserved_prefix = "constitution/";

caf::error check_policy_id(std::string_view id) {
  if (auto wrong = check_name("policy id", id, bounds::policy_id_bytes))
    return wrong;
  if (id.starts_with(reserved_prefix))
    return make_error(ec::invalid_argument,
                      "policy id " + shown(id) + ": ids below "
                          + std::string{reserved_prefix}
                          + " are the constitution's own");
  return {};
}

/// "row 2, column 3", as an editor counts, of what stands behind the text,
/// which must be UTF-8.
std::string place_behind(std::string_view text) {
  auto row = std::count(text.begin(), text.end(), '\n') + 1;
  auto line = text.substr(text.rfind('\n') + 1);
  auto column = std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  });
  return "row " + std::to_string(row) + ", column "
         + std::to_string(column + 1);
}

/// `what` it is, for errors.
caf::error check_text(const std::string& what, std::string_view text) {
  if (text.size() > bounds::policy_bytes)
    return make_error(
        ec::too_large,
        what + " has " + std::to_string(text.size()) + " bytes; at most "
            + std::to_string(bounds::policy_bytes) + " are taken");
  auto good = text.substr(0, std::min(utf8_prefix(text), text.find('\0')));
  if (good.size() == text.size())
    return {};
  return make_error(ec::invalid_argument,
                    what + ", " + place_behind(good) + ": the byte 0x"
                        + to_hex(as_byte_view(text.substr(good.size(), 1)))
                        + "; a policy must be UTF-8 without zero bytes");
}

/// "a/b.rego": relative, with no way up.
caf::error check_constitution_path(std::string_view path) {
  if (auto wrong = check_name("constitution path", path, bounds::name_bytes))
    return wrong;
  auto framed = "/" + std::string{path} + "/";
  if (!path.ends_with(".rego") || framed.find("//") != framed.npos
      || framed.find("/../") != framed.npos
      || framed.find("/./") != framed.npos)
    return make_error(ec::invalid_argument,
                      "constitution path " + shown(path)
                          + ": expected a relative path that ends in .rego");
  return {};
}

/// The path of a file of the constitution, or the id of another policy.
caf::error check_module_id(std::string_view id) {
  if (id.starts_with(reserved_prefix))
    return check_constitution_path(id.substr(reserved_prefix.size()));
  if (domain::is_policy_id(id))
    return {};
  return make_error(ec::invalid_argument,
                    "policy id " + shown(id) + ": expected "
                        + std::string{domain::policy_id_form},
                    "id");
}

/// The modules of a candidate, put by `what`.
result<std::map<std::string, domain::policy_module>>
modules_of(const json::value* from, const domain::control_state& next) {
  const auto* texts = from ? from->if_object() : nullptr;
  if (!texts || texts->empty() || texts->size() > bounds::constitution_files)
    return make_error(ec::invalid_argument,
                      "modules must be an object of 1 to "
                          + std::to_string(bounds::constitution_files)
                          + " policy ids to Rego texts",
                      "modules");
  std::map<std::string, domain::policy_module> out;
  for (const auto& [id, text] : *texts) {
    if (auto wrong = check_module_id(id))
      return wrong;
    if (!text.if_string())
      return make_error(ec::invalid_argument,
                        "policy " + shown(id) + ": expected a Rego text, not "
                            + std::string{text.kind_name()},
                        "modules");
    if (auto wrong = check_text("policy " + shown(id), *text.if_string()))
      return wrong;
    out.emplace(id, domain::policy_module{
                        std::make_shared<const std::string>(*text.if_string()),
                        next.revision, next.time_nanos});
  }
  return out;
}

} // namespace

caf::error check_policy(std::string_view id, std::string_view text) {
  if (auto wrong = check_policy_id(id))
    return wrong;
  return check_text("policy " + shown(id), text);
}

caf::error put_policy(domain::control_state& next,
                      const domain::command& what) {
  if (auto wrong = check_policy(what.name, what.body))
    return wrong;
  if (auto wrong = check_policy_owner(next, what.name, what.body))
    return wrong;
  std::string id{what.name};
  if (!next.policies.contains(id) && next.policies.size() >= bounds::policies)
    return make_error(ec::too_large, "there are "
                                         + std::to_string(bounds::policies)
                                         + " policies already; no more are "
                                           "taken");
  next.policies[id] = {std::make_shared<const std::string>(what.body),
                       next.revision,
                       what.time_nanos,
                       {},
                       false};
  return {};
}

caf::error delete_policy(domain::control_state& next,
                         const domain::command& what) {
  if (auto wrong = check_policy_owner(next, what.name, {}))
    return wrong;
  std::string id{what.name};
  if (next.policies.erase(id) > 0)
    return {};
  if (next.constitution.contains(id))
    return make_error(ec::conflict,
                      shown(what.name)
                          + " is a module of the constitution, which is "
                            "replaced as a whole: change the files of "
                            "constitution.directory and restart; only "
                            "policies that were put can be deleted");
  return make_error(ec::not_found, "there is no policy " + shown(what.name));
}

caf::error set_constitution(domain::control_state& next,
                            const domain::command& what) {
  auto body =
      json::parse(what.body, {.bytes = bounds::constitution_bytes, .depth = 2});
  if (!body)
    return body.error();
  auto files = body->if_object();
  if (!files || files->empty() || files->size() > bounds::constitution_files)
    return make_error(ec::invalid_argument,
                      "a constitution must be an object of 1 to "
                          + std::to_string(bounds::constitution_files)
                          + " paths to Rego texts");
  std::map<std::string, domain::policy_module> modules;
  for (const auto& [path, text] : *files) {
    if (auto wrong = check_constitution_path(path))
      return wrong;
    if (!text.if_string())
      return make_error(ec::invalid_argument,
                        "constitution " + shown(path)
                            + ": expected a Rego text, not "
                            + std::string{text.kind_name()});
    if (auto wrong =
            check_text("constitution " + shown(path), *text.if_string()))
      return wrong;
    auto before = next.constitution.find(path);
    if (before != next.constitution.end()
        && *before->second.text == *text.if_string())
      modules.emplace(path, before->second);
    else
      modules.emplace(
          path, domain::policy_module{
                    std::make_shared<const std::string>(*text.if_string()),
                    next.revision,
                    what.time_nanos,
                    {},
                    false});
  }
  auto actual = digest_of_modules(modules);
  if (to_hex(actual) != what.name)
    return make_error(ec::hash_mismatch, "the constitution's digest is "
                                             + to_hex(actual) + ", not "
                                             + shown(what.name));
  next.constitution = std::move(modules);
  next.constitution_digest = actual;
  return {};
}

caf::error put_candidate(domain::control_state& next,
                         const domain::command& what) {
  if (auto wrong = check_identifier("candidate", what.name, bounds::name_bytes))
    return wrong;
  if (next.trial && next.trial->name != what.name)
    return make_error(ec::conflict, "the candidate " + shown(next.trial->name)
                                        + " stands already; drop it first");
  auto body =
      json::parse(what.body, {.bytes = bounds::constitution_bytes, .depth = 2});
  if (!body)
    return body.error();
  const auto* given = body->find("share");
  auto share = given ? given->as_double() : std::nullopt;
  if (!share || !(*share >= 0 && *share <= 1))
    return make_error(ec::invalid_argument,
                      "share must be a number from 0 to 1, of the decisions",
                      "share");
  auto modules = modules_of(body->find("modules"), next);
  if (!modules)
    return std::move(modules.error());
  auto out = std::make_shared<domain::candidate>();
  out->name = what.name;
  out->share = *share;
  out->modules = std::move(*modules);
  out->revision = next.revision;
  out->time_nanos = what.time_nanos;
  out->by = what.caller.subject;
  next.trial = std::move(out);
  return {};
}

caf::error drop_candidate(domain::control_state& next,
                          const domain::command& what) {
  if (!next.trial || next.trial->name != what.name)
    return make_error(ec::not_found,
                      "there is no candidate " + shown(what.name));
  next.trial = nullptr;
  return {};
}

} // namespace acgs::control::changes
