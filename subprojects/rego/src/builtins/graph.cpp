// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Graphs as objects from vertex to neighbours.

#include <set>

#include "builtins/families.hpp"
#include "builtins/support.hpp"

namespace rego {

namespace {

struct less_value {
  bool operator()(const value& x, const value& y) const {
    return compare(x, y) < 0;
  }
};
using value_set = std::set<value, less_value>;

// Neighbours that are no array or set are none.
std::span<const value> vertices(const value& v) {
  return v.is_array() || v.is_set() ? elements(v) : std::span<const value>();
}

bool operands(call_context& c, args a) {
  if (!need(c, a, {kind::object}))
    return false;
  if (a[1].is_array() || a[1].is_set())
    return true;
  c.operand_error(2, a[1], "{array, set}");
  return false;
}

value reachable(call_context& c, args a) {
  if (!operands(c, a))
    return {};
  value_set reached;
  array_builder out(c.memory());
  c.tick(a[1].size());
  std::vector<value> work(elements(a[1]).begin(), elements(a[1]).end());
  while (!work.empty()) {
    auto v = work.back();
    work.pop_back();
    auto edges = lookup(a[0], v);
    if (!edges.defined() || !reached.insert(v).second)
      continue;
    out.push(v);
    c.tick(1 + edges.size());
    for (auto& n : vertices(edges))
      if (!reached.contains(n))
        work.push_back(n);
  }
  return out.set();
}

class path_finder {
public:
  path_finder(call_context& c, const value& graph)
      : c_(c), graph_(graph), found_(c.memory()) {}

  void from(const value& start) {
    auto edges = lookup(graph_, start);
    if (!edges.defined())
      return;
    path_ = {start};
    on_path_ = {start};
    if (vertices(edges).empty())
      commit();
    for (auto& n : vertices(edges))
      visit(n, 1);
  }
  value finish() { return found_.set(); }

private:
  static constexpr size_t depth_max = 2000;

  void commit() { found_.push(make_array(c_.memory(), path_)); }

  void visit(const value& v, size_t depth) {
    c_.tick(1 + path_.size());
    if (depth > depth_max)
      throw bound_reached{bound::depth};
    auto edges = lookup(graph_, v);
    if (!edges.defined())
      return commit();
    // A start that is its own neighbour stands twice in its path, as in OPA.
    path_.push_back(v);
    bool fresh = on_path_.insert(v).second;
    if (vertices(edges).empty())
      commit();
    for (auto& n : vertices(edges)) {
      if (on_path_.contains(n))
        commit();
      else
        visit(n, depth + 1);
    }
    if (fresh)
      on_path_.erase(v);
    path_.pop_back();
  }

  call_context& c_;
  const value& graph_;
  array_builder found_;
  std::vector<value> path_;
  value_set on_path_;
};

value reachable_paths(call_context& c, args a) {
  if (!operands(c, a))
    return {};
  path_finder f(c, a[0]);
  for (auto& start : elements(a[1]))
    f.from(start);
  return f.finish();
}

} // namespace

void register_graph(builtin_table& t) {
  t.add("graph.reachable", reachable);
  t.add("graph.reachable_paths", reachable_paths);
}

} // namespace rego
