// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/bundle_changes.hpp"

#include "actors/control/apply.hpp"
#include "actors/control/bundle_content.hpp"
#include "actors/control/command_body.hpp"
#include "runtime/snapshot/policy_errors.hpp"

#include <algorithm>

namespace acgs::control::changes {

namespace {

using path = std::vector<std::string>;

constexpr std::string_view own_root = "acgs";

std::string joined(const path& steps) {
  std::string out;
  for (const auto& step : steps)
    (out += out.empty() ? "" : "/") += step;
  return out;
}

/// What nobody can go back to any more: of the archives that are not active,
/// the oldest of this bundle beyond those that are kept.
void forget_oldest(domain::control_state& in, const std::string& name) {
  auto active = in.bundles.find(name);
  std::vector<std::pair<std::uint64_t, domain::archive_id>> idle;
  for (const auto& [id, archive] : in.archives) {
    bool used = active != in.bundles.end()
                && std::count(active->second.digests.begin(),
                              active->second.digests.end(), id.digest)
                       > 0;
    if (id.bundle == name && !used)
      idle.emplace_back(archive.revision, id);
  }
  std::sort(idle.begin(), idle.end());
  while (idle.size() > bounds::bundle_versions) {
    in.archives.erase(idle.front().second);
    idle.erase(idle.begin());
  }
}

caf::error check_roots(const domain::control_state& in, const std::string& name,
                       const path& roots) {
  for (const auto& root : roots) {
    auto steps = rego::bundle::steps_of(root);
    if (!steps.empty() && steps[0] == own_root
        && (steps.size() == 1 || steps[1] == "mode"
            || steps[1] == "constitution"))
      return make_error(ec::conflict,
                        "root " + shown(root) + " is the node's own");
    for (const auto& [other, active] : in.bundles)
      for (const auto& taken : active.roots)
        if (other != name && rego::bundle::overlap(root, taken))
          return make_error(ec::conflict,
                            "root " + shown(root) + " overlaps the root "
                                + shown(taken) + " of bundle " + shown(other));
  }
  return {};
}

/// The archives of a chain, each of this bundle and in its place.
result<std::vector<bundle_ptr>> open_all(const domain::control_state& in,
                                         const std::string& name,
                                         const path& digests,
                                         const bundle_source& bundles) {
  std::vector<bundle_ptr> out;
  for (const auto& digest : digests) {
    auto known = in.archives.find({digest, name});
    if (known == in.archives.end())
      return make_error(ec::not_found, "there is no archive " + shown(digest)
                                           + " of bundle " + shown(name));
    if (!out.empty() && !known->second.is_delta)
      return make_error(ec::invalid_argument,
                        "archive " + shown(digest)
                            + " is no delta; only the first may be a "
                              "snapshot");
    auto content = bundles(digest);
    if (!content)
      return content.error();
    out.push_back(std::move(*content));
  }
  return out;
}

/// Takes the bundle's policies out, and whatever its new roots cover.
caf::error clear_policies(domain::control_state& next, const std::string& name,
                          const path& roots) {
  for (auto at = next.policies.begin(); at != next.policies.end();) {
    const auto& policy = at->second;
    bool gone = policy.bundle == name;
    if (!gone && policy.bundle.empty() && !roots.empty()) {
      auto package = rego::bundle::package_of({at->first, *policy.text});
      if (!package)
        return make_error(ec::policy_invalid, package.error_list());
      gone = std::any_of(roots.begin(), roots.end(), [&](const auto& root) {
        return covers(root, *package);
      });
    }
    at = gone ? next.policies.erase(at) : std::next(at);
  }
  return {};
}

caf::error add_policies(domain::control_state& next, const std::string& name,
                        const rego::bundle::content& from) {
  for (const auto& module : from.modules) {
    auto id = name + "/" + module.path;
    if (std::none_of(
            from.about.roots.begin(), from.about.roots.end(),
            [&](const auto& root) { return covers(root, module.package); }))
      return make_error(ec::conflict,
                        "policy " + shown(id) + " of package "
                            + joined(module.package)
                            + ": what is below acgs must be named as a root");
    if (next.policies.contains(id))
      return make_error(ec::conflict,
                        "there is a policy " + shown(id) + " already");
    if (auto wrong = check_policy(id, module.text))
      return wrong;
    next.policies[id] = {std::make_shared<const std::string>(module.text),
                         next.revision, next.time_nanos, name, module.v0};
  }
  if (next.policies.size() > bounds::policies)
    return make_error(ec::too_large, "more than "
                                         + std::to_string(bounds::policies)
                                         + " policies");
  return {};
}

caf::error deactivate(domain::control_state& next, const std::string& name) {
  auto active = next.bundles.find(name);
  if (active == next.bundles.end())
    return make_error(ec::not_found,
                      "bundle " + shown(name) + " is not active");
  if (auto wrong = clear_policies(next, name, {}))
    return wrong;
  if (auto wrong = replace_data(next, active->second.roots, {}, nullptr, {}))
    return wrong;
  next.bundles.erase(active);
  return {};
}

path sorted(path roots) {
  std::sort(roots.begin(), roots.end());
  return roots;
}

/// Puts the snapshot, where there is one, in the place of what was active.
caf::error take_snapshot(domain::control_state& next, const std::string& name,
                         const bundle_ptr& from, const path& before,
                         const std::vector<bundle_ptr>& deltas) {
  const auto& roots = from->about.roots;
  if (auto wrong = check_roots(next, name, roots))
    return wrong;
  if (auto wrong = clear_policies(next, name, roots))
    return wrong;
  if (auto wrong = add_policies(next, name, *from))
    return wrong;
  return replace_data(next, before, roots, from.get(), deltas);
}

} // namespace

result<path> digests_of(std::string_view body) {
  auto bad = [] {
    return make_error(ec::invalid_argument,
                      "a bundle's activation: expected {\"digests\": [...]} "
                      "with at most "
                          + std::to_string(bounds::bundle_digests)
                          + " digests in hexadecimal",
                      "digests");
  };
  auto read = json::parse(body, {.bytes = 1u << 20, .depth = 2});
  if (!read)
    return read.error();
  auto list = read->find("digests");
  auto items = list ? list->if_array() : nullptr;
  if (!items || items->size() > bounds::bundle_digests)
    return bad();
  path out;
  for (const auto& each : *items) {
    if (!each.if_string())
      return bad();
    out.push_back(*each.if_string());
  }
  return out;
}

bool covers(std::string_view root, const path& at) {
  if (root.empty())
    return at.empty() || at[0] != own_root;
  return rego::bundle::is_below(root, at);
}

caf::error check_data_owner(const domain::control_state& in, const path& at) {
  for (const auto& [name, active] : in.bundles)
    for (const auto& root : active.roots) {
      auto steps = rego::bundle::steps_of(root);
      bool above = at.size() <= steps.size()
                   && std::equal(at.begin(), at.end(), steps.begin());
      if (above || covers(root, at))
        return make_error(ec::conflict,
                          "data " + shown(joined(at)) + " is owned by bundle "
                              + shown(name) + ", root " + shown(root),
                          "bundle");
    }
  return {};
}

caf::error check_policy_owner(const domain::control_state& in,
                              std::string_view id, std::string_view text) {
  auto known = in.policies.find(std::string{id});
  if (known != in.policies.end() && !known->second.bundle.empty())
    return make_error(ec::conflict,
                      "policy " + shown(id) + " is owned by bundle "
                          + shown(known->second.bundle),
                      "bundle");
  if (in.bundles.empty() || text.empty())
    return {};
  auto package = rego::bundle::package_of({std::string{id}, std::string{text}});
  if (!package)
    return make_error(ec::policy_invalid, package.error_list());
  for (const auto& [name, active] : in.bundles)
    for (const auto& root : active.roots)
      if (covers(root, *package))
        return make_error(ec::conflict,
                          "package " + shown(joined(*package))
                              + " is owned by bundle " + shown(name) + ", root "
                              + shown(root),
                          "bundle");
  return {};
}

caf::error put_bundle(domain::control_state& next, const domain::command& what,
                      const bundle_source& bundles) {
  if (auto wrong =
          check_identifier("bundle name", what.name, bounds::bundle_name_bytes))
    return wrong;
  command_body body{what.body, {"digest", "signed_by", "bytes"}};
  auto digest = body.text("digest", 64);
  domain::bundle_archive archive;
  archive.signed_by = body.optional_text("signed_by", bounds::name_bytes);
  archive.bytes = static_cast<std::uint64_t>(body.whole("bytes"));
  if (body.wrong())
    return body.wrong();
  std::string name{what.name};
  auto content = bundles(digest);
  if (!content)
    return content.error();
  archive.bundle_revision = (*content)->about.revision;
  archive.roots = sorted((*content)->about.roots);
  archive.is_delta = (*content)->is_delta;
  archive.revision = next.revision;
  archive.time_nanos = what.time_nanos;
  next.archives[{digest, name}] = std::move(archive);
  forget_oldest(next, name);
  if (next.archives.size() > bounds::bundle_archives)
    return make_error(ec::too_large,
                      "there are " + std::to_string(bounds::bundle_archives)
                          + " archives of bundles already");
  return {};
}

caf::error activate_bundle(domain::control_state& next,
                           const domain::command& what,
                           const bundle_source& bundles) {
  if (auto wrong =
          check_identifier("bundle name", what.name, bounds::bundle_name_bytes))
    return wrong;
  std::string name{what.name};
  auto digests = digests_of(what.body);
  if (!digests)
    return digests.error();
  if (digests->empty())
    return deactivate(next, name);
  auto opened = open_all(next, name, *digests, bundles);
  if (!opened)
    return opened.error();
  auto found = next.bundles.find(name);
  bool was = found != next.bundles.end();
  auto now = was ? found->second : domain::active_bundle{};
  auto before = now.roots;
  bundle_ptr snapshot;
  if (!opened->front()->is_delta) {
    snapshot = opened->front();
    opened->erase(opened->begin());
    now.roots = sorted(snapshot->about.roots);
    now.bundle_revision = snapshot->about.revision;
    now.digests.clear();
  } else if (!was) {
    return make_error(ec::conflict, "bundle " + shown(name)
                                        + " is not active; a delta needs a "
                                          "snapshot before it");
  }
  for (const auto& delta : *opened) {
    if (sorted(delta->about.roots) != now.roots)
      return make_error(ec::conflict, "a delta of bundle " + shown(name)
                                          + " has other roots than the "
                                            "bundle");
    now.bundle_revision = delta->about.revision;
  }
  auto wrong = snapshot ? take_snapshot(next, name, snapshot, before, *opened)
                        : replace_data(next, {}, {}, nullptr, *opened);
  if (wrong)
    return wrong;
  now.digests.insert(now.digests.end(), digests->begin(), digests->end());
  if (now.digests.size() > bounds::bundle_digests)
    return make_error(ec::too_large,
                      "more than " + std::to_string(bounds::bundle_digests)
                          + " deltas; activate a snapshot");
  now.revision = next.revision;
  now.time_nanos = what.time_nanos;
  next.bundles[name] = std::move(now);
  return {};
}

} // namespace acgs::control::changes
