// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/policy_trees.hpp"

#include "actors/http_gateway/json_out.hpp"
#include "runtime/actor/bounded.hpp"

#include <rego/json.hpp>
#include <rego/partial.hpp>

#include <caf/typed_event_based_actor.hpp>

namespace acgs::http_gateway {

namespace {

/// Few ask for them, and each answer may be large.
constexpr std::size_t questions_max = 8;

constexpr auto none = "null";

/// The tree as JSON text, or `none` beyond the bounds.
std::string tree_of(const named_policy& from, std::size_t text_bytes,
                    std::size_t memory_bytes) {
  try {
    rego::arena memory{memory_bytes};
    auto tree =
        rego::syntax_tree(memory, {from.id, *from.module.text, from.module.v0});
    std::string out;
    return tree && rego::append_json_within(out, *tree, text_bytes) ? out
                                                                    : none;
  } catch (const rego::bound_reached&) {
    return none;
  }
}

policy_trees_actor::behavior_type policy_trees(policy_trees_actor::pointer) {
  return {[](const show_policies& what) { return show(what); }};
}

} // namespace

shown_policies show(const show_policies& what, const tree_bounds& most) {
  shown_policies out;
  auto left = most.text_bytes;
  for (const auto& from : what.each) {
    auto tree = left > 0 ? tree_of(from, left, most.memory_bytes) : none;
    left = tree == none ? 0 : left - tree.size();
    out.each.push_back(json_object{}
                           .raw("ast", tree)
                           .text("id", from.id)
                           .text("raw", *from.module.text)
                           .number("revision", from.module.revision)
                           .take());
  }
  return out;
}

policy_trees_actor spawn_policy_trees(caf::actor_system& system) {
  return spawn_bounded<caf::detached>(system, questions_max, policy_trees);
}

} // namespace acgs::http_gateway
