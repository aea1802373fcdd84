// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Graphs as objects from vertex to neighbours.

#include <algorithm>
#include <optional>
#include <vector>

#include "builtins/families.hpp"
#include "builtins/support.hpp"

namespace rego {

namespace {

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

// Vertices are known by their position among the graph's keys.
struct found_vertex {
  size_t at;
  value name;
};

// The number of v in the graph; nothing for what is no vertex of it.
std::optional<size_t> vertex_at(const value& graph, const value& v) {
  auto at = find_key(graph.as_object(), v);
  return at < 0 ? std::nullopt : std::optional(static_cast<size_t>(at));
}

value reachable(call_context& c, args a) {
  if (!operands(c, a))
    return {};
  auto& graph = a[0];
  c.tick(a[1].size());
  std::vector<bool> seen(graph.size());
  std::vector<found_vertex> reached, work;
  auto add = [&](const value& v) {
    if (auto at = vertex_at(graph, v); at && !seen[*at])
      work.push_back({*at, v});
  };
  for (auto& start : elements(a[1]))
    add(start);
  while (!work.empty()) {
    auto v = work.back();
    work.pop_back();
    if (seen[v.at])
      continue;
    seen[v.at] = true;
    reached.push_back(v);
    auto& edges = graph.values()[v.at];
    c.tick(1 + edges.size());
    for (auto& n : vertices(edges))
      add(n);
  }
  std::sort(reached.begin(), reached.end(),
            [](auto& x, auto& y) { return x.at < y.at; });
  array_builder out(c.memory(), reached.size());
  for (auto& v : reached)
    out.push(v.name);
  return adopt_set(c.memory(), out.items().data(), out.size());
}

class path_finder {
public:
  path_finder(call_context& c, const value& graph)
      : c_(c), graph_(graph), found_(c.memory()), on_path_(graph.size()) {}

  void from(const value& start) {
    auto at = vertex_at(graph_, start);
    if (!at)
      return;
    path_ = {start};
    on_path_[*at] = true;
    auto& edges = graph_.values()[*at];
    if (vertices(edges).empty())
      commit();
    for (auto& n : vertices(edges))
      visit(n, vertex_at(graph_, n), 1);
    on_path_[*at] = false;
  }
  value finish() { return found_.set(); }

private:
  static constexpr size_t depth_max = 2000;

  void commit() { found_.push(make_array(c_.memory(), path_)); }

  void visit(const value& v, std::optional<size_t> at, size_t depth) {
    c_.tick(1 + path_.size());
    if (depth > depth_max)
      throw bound_reached{bound::depth};
    if (!at)
      return commit();
    auto& edges = graph_.values()[*at];
    // A start that is its own neighbour stands twice in its path, as in OPA.
    path_.push_back(v);
    bool fresh = !on_path_[*at];
    on_path_[*at] = true;
    if (vertices(edges).empty())
      commit();
    for (auto& n : vertices(edges)) {
      auto next = vertex_at(graph_, n);
      if (next && on_path_[*next])
        commit();
      else
        visit(n, next, depth + 1);
    }
    if (fresh)
      on_path_[*at] = false;
    path_.pop_back();
  }

  call_context& c_;
  const value& graph_;
  array_builder found_;
  std::vector<value> path_;
  std::vector<bool> on_path_; // vertices
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
