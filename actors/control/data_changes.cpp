// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The base documents, changed as OPA's data API changes them.

#include "actors/control/apply.hpp"
#include "actors/control/bundle_changes.hpp"
#include "actors/control/bundle_content.hpp"
#include "actors/control/changes.hpp"
#include "actors/control/command_body.hpp"
#include "runtime/base/json_patch.hpp"

namespace acgs::control::changes {

namespace {

struct place {
  json::value document;
  json::path path;
};

caf::error about_data(std::string_view path, const caf::error& inner) {
  return make_error(code_of(inner),
                    "data " + shown(path) + ": " + sentence_of(inner));
}

/// The whole document and the path in it.
result<place> locate(const domain::control_state& in,
                     const domain::command& what) {
  if (what.name.size() > bounds::path_bytes)
    return make_error(ec::too_large,
                      "a data path of " + std::to_string(what.name.size())
                          + " bytes; at most "
                          + std::to_string(bounds::path_bytes) + " are taken");
  if (!what.name.empty())
    if (auto wrong = check_name("data path", what.name, bounds::path_bytes))
      return wrong;
  auto path = json::parse_data_path(what.name);
  if (!path)
    return path.error();
  // What is stored was within bounds when it was stored.
  auto document = json::parse(*in.data, bounds::data);
  if (!document)
    return make_error(ec::store_corrupt, "the stored data cannot be read: "
                                             + sentence_of(document.error()));
  return place{std::move(*document), std::move(*path)};
}

/// Of each operation that changes something, where it does so.
caf::error check_patch_owner(const domain::control_state& in,
                             const json::path& below, const json::value& all) {
  auto items = in.bundles.empty() ? nullptr : all.if_array();
  if (!items)
    return {};
  for (const auto& each : *items) {
    auto name = each.find("op");
    auto op = name && name->if_string() ? *name->if_string() : std::string{};
    if (op == "test")
      continue;
    for (auto member : {"path", "from"}) {
      auto text = each.find(member);
      bool read_only = op == "copy" && std::string_view{member} == "from";
      if (read_only || !text || !text->if_string())
        continue;
      auto pointer = json::parse_pointer(*text->if_string());
      if (!pointer)
        return pointer.error();
      auto at = below;
      at.insert(at.end(), pointer->begin(), pointer->end());
      if (auto wrong = check_data_owner(in, at))
        return wrong;
    }
  }
  return {};
}

caf::error keep(domain::control_state& next, const domain::command& what,
                const result<json::value>& changed) {
  if (!changed)
    return about_data(what.name, changed.error());
  if (!changed->if_object())
    return about_data(what.name,
                      make_error(ec::invalid_argument,
                                 "the root of data must stay an object, not "
                                     + std::string{changed->kind_name()}));
  if (auto wrong = check_own_documents(*changed))
    return wrong;
  next.data = std::make_shared<const std::string>(json::to_text(*changed));
  next.data_revision = next.revision;
  return {};
}

} // namespace

/// `data.acgs.mode` and `data.acgs.constitution` are the node's own (see
/// runtime/snapshot): what somebody put there would be hidden in silence.
caf::error check_own_documents(const json::value& root) {
  auto own = root.find("acgs");
  if (!own)
    return {};
  if (!own->if_object())
    return make_error(ec::conflict, "data \"acgs\" must be an object, not "
                                        + std::string{own->kind_name()});
  for (auto name : {"mode", "constitution"})
    if (own->find(name))
      return make_error(ec::conflict, "data \"acgs/" + std::string{name}
                                          + "\" is the node's own");
  return {};
}

caf::error put_data(domain::control_state& next, const domain::command& what) {
  auto at = locate(next, what);
  if (!at)
    return at.error();
  if (auto wrong = check_data_owner(next, at->path))
    return wrong;
  auto body = json::parse(what.body, bounds::data);
  if (!body)
    return about_data(what.name, body.error());
  return keep(next, what,
              json::put(std::move(at->document), at->path, std::move(*body),
                        bounds::data));
}

caf::error patch_data(domain::control_state& next,
                      const domain::command& what) {
  auto at = locate(next, what);
  if (!at)
    return at.error();
  auto body = json::parse(what.body, bounds::data);
  if (!body)
    return about_data(what.name, body.error());
  if (auto wrong = check_patch_owner(next, at->path, *body))
    return wrong;
  return keep(
      next, what,
      json::patch(std::move(at->document), at->path, *body, bounds::data));
}

caf::error delete_data(domain::control_state& next,
                       const domain::command& what) {
  auto at = locate(next, what);
  if (!at)
    return at.error();
  if (auto wrong = check_data_owner(next, at->path))
    return wrong;
  return keep(next, what, json::remove(std::move(at->document), at->path));
}

} // namespace acgs::control::changes
