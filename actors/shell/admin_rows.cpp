// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/admin_rows.hpp"

#include <set>

namespace acgs::shell {

namespace {

struct placed {
  const client::actor* who = nullptr;
  std::size_t depth = 0;
};

/// Adds those whose parent this is, each followed by its own children.
void add_children(const std::vector<client::actor>& all,
                  const std::string& parent, std::size_t depth,
                  std::vector<placed>& to) {
  for (auto& each : all)
    if (each.parent == parent && to.size() < all.size()) {
      to.push_back({&each, depth});
      add_children(all, each.name, depth + 1, to);
    }
}

/// The rows as a tree; whoever has no parent among them is a root.
std::vector<placed> as_tree(const std::vector<client::actor>& all) {
  std::set<std::string> names;
  for (auto& each : all)
    names.insert(each.name);
  std::vector<placed> out;
  for (auto& each : all)
    if (!names.contains(each.parent)) {
      out.push_back({&each, 0});
      add_children(all, each.name, 1, out);
    }
  return out;
}

/// What waits of how much may; nothing where that is not bounded.
std::string of_bound(std::uint64_t waiting, std::uint64_t bound) {
  return bound == 0 ? std::string{}
                    : std::to_string(waiting) + "/" + std::to_string(bound);
}

} // namespace

cell queue_of(const client::actor& from) {
  return {std::to_string(from.queue), of_bound(from.queue, from.queue_max)};
}

std::vector<row> actor_rows(const std::vector<client::actor>& all, bool whole) {
  std::vector<row> out;
  for (auto [each, depth] : as_tree(all)) {
    auto name = text(each->name);
    name.shown.insert(0, 2 * depth, ' ');
    auto mailbox = number(each->mailbox);
    if (each->mailbox_max > 0)
      mailbox.shown = of_bound(each->mailbox, each->mailbox_max);
    row one{{"name", name},
            {"state", text(each->state)},
            {"mailbox", mailbox},
            {"queue", queue_of(*each)},
            {"restarts", number(each->restarts)},
            {"uptime_ns", duration(each->uptime_nanos)}};
    if (whole) {
      one.emplace_back("parent", text(each->parent));
      one.emplace_back("mailbox_max", number(each->mailbox_max));
      one.emplace_back("queue_max", number(each->queue_max));
      one.emplace_back("refused", number(each->refused));
    }
    one.emplace_back("last_error", text(each->last_error));
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<row> breaker_rows(const std::vector<client::breaker>& all) {
  std::vector<row> out;
  for (auto& each : all)
    out.push_back({{"name", text(each.name)},
                   {"state", text(each.state)},
                   {"calls", number(each.calls)},
                   {"failures", number(each.failures)},
                   {"slow", number(each.slow)},
                   {"rejected", number(each.rejected)},
                   {"opened", number(each.opened)},
                   {"since", time(each.change_nanos)}});
  return out;
}

std::vector<row> cache_rows(const client::cache_stats& from) {
  auto tier = [](const char* name, auto hits, auto misses, auto entries,
                 auto max) {
    return row{
        {"tier", text(name)},       {"entries", number(entries)},
        {"max", number(max)},       {"hits", number(hits)},
        {"misses", number(misses)}, {"hit_rate", share(hits, hits + misses)}};
  };
  return {
      tier("l1", from.l1_hits, from.l1_misses, from.l1_entries, from.l1_max),
      tier("l2", from.l2_hits, from.l2_misses, from.l2_entries, from.l2_max)};
}

} // namespace acgs::shell
