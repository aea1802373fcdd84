// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// bundle ..., and the versions of policies: policy diff, policy rollback

#include "actors/shell/bundle_files.hpp"
#include "actors/shell/environment.hpp"

#include <rego/line_diff.hpp>

namespace acgs::shell {

namespace {

constexpr std::uint64_t now = ~std::uint64_t{0};

/// Of a bundle's archives, the one put last; or the one that a beginning of
/// its digest names.
result<std::string> digest_of(client::connection& node, const std::string& name,
                              const std::string& beginning) {
  auto list = node.bundles().list();
  if (!list)
    return list.error();
  const client::bundle* found = nullptr;
  std::size_t matching = 0;
  for (const auto& each : *list) {
    if (each.name != name || !each.digest.starts_with(beginning))
      continue;
    ++matching;
    if (!found || each.revision > found->revision)
      found = &each;
  }
  if (!found)
    return make_error(ec::not_found,
                      "bundle '" + name + "' has no archive"
                          + (beginning.empty() ? "" : " " + beginning),
                      beginning.empty() ? "name" : "digest");
  if (!beginning.empty() && matching > 1)
    return make_error(ec::invalid_argument,
                      std::to_string(matching) + " archives begin with "
                          + beginning + "; give more digits",
                      "digest");
  return found->digest;
}

int activate(invocation& in, client::connection& node,
             const std::vector<std::string>& digests) {
  auto name = in.value("name");
  return report(in, node.bundles().activate(name, digests, in.change()),
                digests.empty() ? "deactivated '" + name + "'"
                                : "activated '" + name + "'");
}

int bundle_put(invocation& in) {
  auto archive = read_archive(in.value("file"));
  if (!archive)
    return in.fail(archive.error());
  auto* node = in.node();
  if (!node)
    return in.failed();
  auto put = node->bundles().put(in.value("name"), *archive, in.change());
  if (!put)
    return in.fail(put.error());
  if (in.has("activate"))
    return activate(in, *node, {put->digest});
  if (in.out().is_json())
    in.out().record({{"digest", text(put->digest)},
                     {"revision", number(put->done.revision)},
                     {"ledger_index", number(put->done.index)}});
  else
    in.out().note("put '" + in.value("name") + "', archive "
                  + put->digest.substr(0, 16) + " (revision "
                  + std::to_string(put->done.revision) + ", ledger entry "
                  + std::to_string(put->done.index) + ")");
  return 0;
}

int bundle_list(invocation& in, client::connection& node) {
  return show(in, node.bundles().list(), [&](const auto& got) {
    std::vector<row> rows;
    for (auto& each : got) {
      if (in.has("name") && each.name != in.value("name"))
        continue;
      auto digest =
          in.out().is_json() ? each.digest : each.digest.substr(0, 16);
      rows.push_back({{"name", text(each.name)},
                      {"digest", text(digest)},
                      {"bundle_revision", text(each.bundle_revision)},
                      {"active", boolean(each.active)},
                      {"delta", boolean(each.is_delta)},
                      {"roots", text(quoted_list(each.roots))},
                      {"bytes", size(each.bytes)},
                      {"signed_by", text(each.signed_by)},
                      {"revision", number(each.revision)},
                      {"time", time(each.time_nanos)}});
    }
    in.out().list(rows);
    return 0;
  });
}

int bundle_activate(invocation& in, client::connection& node) {
  if (in.has("none"))
    return activate(in, node, {});
  auto digest = digest_of(node, in.value("name"), in.value("digest"));
  if (!digest)
    return in.fail(digest.error());
  return activate(in, node, {*digest});
}

/// A policy at a revision, and which that is; an empty text where there was
/// none.
struct policy_version {
  std::string name, text;
};

result<policy_version> version_at(client::connection& node,
                                  const std::string& id,
                                  std::uint64_t revision) {
  auto found = node.policy().get_at(id, revision);
  if (!found && code_of(found.error()) != ec::not_found)
    return found.error();
  auto shown = revision != now ? revision : found ? found->info.revision : now;
  auto when = shown == now ? "now" : "revision " + std::to_string(shown);
  return policy_version{id + " (" + when + ")", found ? found->text : ""};
}

/// The revision before the present text of the policy.
result<std::uint64_t> previous_of(client::connection& node,
                                  const std::string& id) {
  auto present = node.policy().get_at(id, now);
  if (!present)
    return present.error();
  return present->info.revision - 1;
}

int policy_diff(invocation& in, client::connection& node) {
  auto id = in.value("id");
  auto from = in.has("from") ? result<std::uint64_t>{in.number("from")}
                             : previous_of(node, id);
  if (!from)
    return in.fail(from.error());
  auto before = version_at(node, id, *from);
  if (!before)
    return in.fail(before.error());
  auto after = version_at(node, id, in.number("to", now));
  if (!after)
    return in.fail(after.error());
  auto diff =
      rego::line_diff(before->name, after->name, before->text, after->text);
  if (in.out().is_json())
    in.out().record({{"id", text(id)},
                     {"same", boolean(diff.empty())},
                     {"diff", text(diff)}});
  else if (!diff.empty())
    in.out().document(diff);
  return 0;
}

int policy_rollback(invocation& in, client::connection& node) {
  auto name = in.value("name");
  auto to = in.number("to");
  if (in.has("bundle")) {
    auto digests = node.bundles().active_at(name, to);
    return digests ? activate(in, node, *digests) : in.fail(digests.error());
  }
  auto then = node.policy().get_at(name, to);
  if (!then)
    return in.fail(then.error());
  auto how = in.change();
  if (how.reason.empty())
    how.reason = "back to revision " + std::to_string(to);
  return report(in, node.policy().put(name, then->text, how),
                "put '" + name + "' as it was at revision "
                    + std::to_string(to));
}

std::vector<command> version_commands() {
  return {
      {"policy diff",
       "Shows what changed in a policy, by default with its last change",
       "acgs policy diff my/policy.rego --from 12",
       {{"id", "the policy's id", kind::policy, true},
        number_option("--from", "as it was at this revision"),
        number_option("--to", "and at this one, else now")},
       false,
       on_node<policy_diff>},
      {"policy rollback",
       "Makes a policy, or a bundle, what it was at a revision",
       "acgs policy rollback my/policy.rego --to 12 --yes",
       {{"name", "the policy's id, or the bundle's name", kind::policy, true},
        {"--bundle", "it is a bundle", kind::free, false, true},
        [] {
          auto to = number_option("--to", "a revision of control state", 1);
          to.required = true;
          return to;
        }(),
        reason_option(),
        revision_option()},
       true,
       on_node<policy_rollback>},
  };
}

} // namespace

std::vector<command> bundle_commands() {
  const parameter name{"name", "the bundle's name", kind::bundle, true};
  const parameter file{"file", "a tar.gz, or a folder to make one of",
                       kind::file, true};
  auto out = version_commands();
  std::vector<command> own{
      {"bundle put",
       "Sends a bundle in OPA's format, which must be signed as the node asks",
       "acgs bundle put authz ./bundle.tar.gz --activate",
       {name,
        file,
        {"--activate", "and activate it", kind::free, false, true},
        reason_option(),
        revision_option()},
       false,
       bundle_put},
      {"bundle list",
       "Lists the archives of bundles and which are active",
       "acgs bundle list authz",
       {{"name", "of this bundle alone", kind::bundle}},
       false,
       on_node<bundle_list>},
      {"bundle activate",
       "Replaces what a bundle's roots cover by an archive of it",
       "acgs bundle activate authz --digest 3f2a",
       {name,
        {"--digest", "beginning of its digest, else the archive put last",
         kind::free},
        {"--none", "take the bundle out of force", kind::free, false, true},
        reason_option(),
        revision_option()},
       false,
       on_node<bundle_activate>},
      {"bundle verify",
       "Checks a bundle on this machine, and its signature by a key",
       "acgs bundle verify ./bundle.tar.gz --key release.pem --key-id release",
       {file,
        {"--key", "public key or certificate in PEM, or a secret", kind::file},
        {"--key-id", "the key's id, 'default' where absent", kind::free},
        {"--algorithm", "take no other, such as RS256", kind::free},
        {"--scope", "the scope that it must be signed for", kind::free},
        {"--exclude", "files that need no signature, a pattern", kind::free,
         false, false, true}},
       false,
       bundle_verify},
  };
  for (auto& each : own)
    out.push_back(std::move(each));
  return out;
}

} // namespace acgs::shell
