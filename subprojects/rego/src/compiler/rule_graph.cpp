// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/rule_graph.hpp"

#include <algorithm>

#include "core/work.hpp"

namespace rego {

namespace {

using graph_edges = rule_graph::edges;
using graph_vertex = rule_graph::vertex;

bool names_data(const term& t) {
  return t.kind == term_kind::var && t.text == "data";
}

void add_edge(graph_edges& to, graph_vertex* v) {
  if (v)
    to.push_back(v);
}

void settle_edges(graph_edges& list) {
  auto before = [](auto* a, auto* b) { return a->number < b->number; };
  std::sort(list.begin(), list.end(), before);
  list.erase(std::unique(list.begin(), list.end()), list.end());
  list.shrink_to_fit();
}

graph_vertex*& at_index(std::vector<graph_vertex*>& list,
                        const rule_tree_node& n) {
  auto i = static_cast<size_t>(n.index);
  if (i >= list.size())
    list.resize(i + 1);
  return list[i];
}

// Strongly connected components by Tarjan's algorithm, without recursion on
// the machine's stack: policies may chain thousands of rules.
class components {
public:
  explicit components(size_t vertices) : at_(vertices) {}

  void visit(graph_vertex* start) {
    if (at_[number(start)].index < 0)
      open(start);
    while (!frames_.empty()) {
      auto& f = frames_.back();
      if (f.next == f.v->to.size()) {
        close(f.v);
        continue;
      }
      auto* to = f.v->to[f.next++];
      auto &from = at_[number(f.v)], &there = at_[number(to)];
      if (there.index < 0)
        open(to);
      else if (there.on_stack)
        from.low = std::min(from.low, there.index);
    }
  }

  std::vector<int> sizes;

private:
  struct state {
    int index = -1, low = -1;
    bool on_stack = false;
  };
  struct frame {
    graph_vertex* v;
    size_t next;
  };

  static size_t number(const graph_vertex* v) {
    return static_cast<size_t>(v->number);
  }

  void open(graph_vertex* v) {
    at_[number(v)] = {count_, count_, true};
    ++count_;
    stack_.push_back(v);
    frames_.push_back({v, 0});
  }

  void close(graph_vertex* v) {
    auto low = at_[number(v)].low;
    if (low == at_[number(v)].index) {
      auto component = static_cast<int>(sizes.size());
      auto& size = sizes.emplace_back();
      graph_vertex* x = nullptr;
      do {
        x = stack_.back();
        stack_.pop_back();
        at_[number(x)].on_stack = false;
        x->component = component;
        ++size;
      } while (x != v);
    }
    frames_.pop_back();
    if (!frames_.empty()) {
      auto& up = at_[number(frames_.back().v)];
      up.low = std::min(up.low, low);
    }
  }

  std::vector<state> at_; // by number
  std::vector<graph_vertex*> stack_;
  std::vector<frame> frames_;
  int count_ = 0;
};

} // namespace

rule_graph::rule_graph(const rule_tree& tree) : root_(tree.root()) {
  make_vertices(root_);
  for (auto* v : of_rules_) {
    for (auto& e : v->rules->rules)
      for (auto* r = e.r; r; r = r->otherwise.get())
        walk_branch(*r, v->to);
    settle_edges(v->to);
  }
  components found(vertices_.size());
  for (auto* v : of_rules_)
    found.visit(v);
  sizes_ = std::move(found.sizes);
}

bool rule_graph::is_cyclic(const vertex& v) const {
  return sizes_[static_cast<size_t>(v.component)] > 1
         || std::find(v.to.begin(), v.to.end(), &v) != v.to.end();
}

graph_edges rule_graph::needs_of_branch(const rule& r) {
  edges out;
  walk_branch(r, out);
  settle_edges(out);
  return out;
}

graph_vertex* rule_graph::new_vertex(const node* rules) {
  auto& v = vertices_.emplace_back();
  v.rules = rules;
  v.number = static_cast<int>(vertices_.size()) - 1;
  return &v;
}

// What leads to all of them; null to none.
graph_vertex* rule_graph::shared(const edges& to) {
  spend(to.size());
  if (to.size() < 2)
    return to.empty() ? nullptr : to[0];
  auto* v = new_vertex();
  v->to = to;
  return v;
}

void rule_graph::make_vertices(const node& n) {
  if (!n.rules.empty()) {
    of_rules_.push_back(new_vertex(&n));
    at_index(by_index_, n) = of_rules_.back();
  }
  for (auto& [k, c] : n.children)
    make_vertices(*c);
}

graph_vertex* rule_graph::rules_at(const node& n) const {
  auto i = static_cast<size_t>(n.index);
  return i < by_index_.size() ? by_index_[i] : nullptr;
}

// All rules at and below a node.
graph_vertex* rule_graph::extent(const node& n) {
  spend(10);
  if (n.children.empty())
    return rules_at(n);
  if (auto* known = at_index(extents_, n))
    return known;
  edges to;
  add_edge(to, rules_at(n));
  for (auto& [k, c] : n.children)
    add_edge(to, extent(*c));
  return at_index(extents_, n) = shared(to);
}

// Where one key more leads to.
rule_graph::place& rule_graph::step(place& from, const term& key) {
  bool any = !is_scalar(key);
  auto name = any ? "" : key_text(key);
  auto& to = from.next[name];
  if (to)
    return *to;
  to = std::make_unique<place>();
  for (auto* n : from.inner) {
    spend(any ? 10 * n->children.size() : 10);
    if (any)
      for (auto& [k, c] : n->children)
        to->nodes.push_back(c.get());
    else if (auto c = n->children.find(name); c != n->children.end())
      to->nodes.push_back(c->second.get());
  }
  to->nodes.shrink_to_fit();
  for (auto* n : to->nodes)
    if (!n->children.empty())
      to->inner.push_back(n);
  return *to;
}

graph_vertex* rule_graph::own(place& p) {
  if (!p.has_own) {
    edges to;
    for (auto* n : p.nodes)
      add_edge(to, rules_at(*n));
    p.own = shared(to);
    p.has_own = true;
  }
  return p.own;
}

graph_vertex* rule_graph::below(place& p) {
  if (!p.has_below) {
    edges to;
    for (auto* n : p.inner)
      add_edge(to, extent(*n));
    p.below = shared(to);
    p.has_below = true;
  }
  return p.below;
}

// Every rule that a reference from data may reach.
void rule_graph::lead(const term& ref, edges& out) {
  const auto* n = &root_;
  for (size_t i = 1; i < ref.args.size(); ++i) {
    spend(10);
    add_edge(out, rules_at(*n));
    if (!is_scalar(ref.args[i])) {
      auto& p = places_[n->index];
      p.inner = {n};
      return lead_on(&p, ref, i, out);
    }
    n = rule_tree::child(*n, ref.args[i]);
    if (!n)
      return;
  }
  add_edge(out, extent(*n));
}

void rule_graph::lead_on(place* p, const term& ref, size_t i, edges& out) {
  for (; i < ref.args.size(); ++i) {
    spend(10);
    p = &step(*p, ref.args[i]);
    add_edge(out, own(*p));
  }
  add_edge(out, below(*p));
}

void rule_graph::walk_branch(const rule& r, edges& out) {
  walk(r.body, out);
  walk(r.head.value, out);
  if (r.head.is_set)
    walk(r.head.key, out);
  if (r.head.ref.kind == term_kind::ref)
    for (size_t i = 1; i < r.head.ref.args.size(); ++i)
      walk(r.head.ref.args[i], out);
}

void rule_graph::walk(const term& t, edges& out) {
  spend();
  bool from_data = t.kind == term_kind::ref && names_data(t.args[0]);
  if (from_data)
    lead(t, out);
  else if (names_data(t))
    add_edge(out, extent(root_));
  for (size_t i = from_data ? 1 : 0; i < t.args.size(); ++i)
    walk(t.args[i], out);
  if (t.body)
    walk(*t.body, out);
}

void rule_graph::walk(const query& q, edges& out) {
  for (auto& e : q.literals) {
    for (auto& t : e.terms)
      walk(t, out);
    if (e.body)
      walk(*e.body, out);
    for (auto& b : e.bodies)
      walk(*b, out);
    for (auto& w : e.withs)
      walk(w.replacement, out);
  }
}

} // namespace rego
