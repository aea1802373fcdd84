// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Checks on the whole policy: rules that call themselves, rules of one name
// that cannot go together.

#include <algorithm>
#include <functional>
#include <set>

#include "compiler/compile.hpp"

namespace rego {

namespace {

using node = rule_tree_node;

// By their numbers and not their addresses, so that the order of the checks
// hangs on the policy alone.
struct by_index {
  bool operator()(const node* a, const node* b) const {
    return a->index < b->index;
  }
};
using node_set = std::set<const node*, by_index>;
using node_numbers = std::map<const node*, int, by_index>;

// "data.a.p[x]": a rule's reference in full.
std::string rule_text(const node& n, const rule_entry& e) {
  auto t = path_ref(n);
  t.args.insert(t.args.end(), e.suffix.begin(), e.suffix.end());
  return ref_text(t);
}

bool has_value_rules(const node& n) {
  return !n.rules.empty();
}

void all_below(const node& n, node_set& out) {
  spend(10);
  if (has_value_rules(n))
    out.insert(&n);
  for (auto& [k, c] : n.children)
    all_below(*c, out);
}

// Every rule that a reference from data may reach.
void reached(const node& n, const term& ref, size_t i, node_set& out) {
  spend(10);
  if (has_value_rules(n))
    out.insert(&n);
  if (i == ref.args.size())
    return all_below(n, out);
  if (is_scalar(ref.args[i])) {
    if (auto* c = rule_tree::child(n, ref.args[i]))
      reached(*c, ref, i + 1, out);
    return;
  }
  for (auto& [k, c] : n.children)
    reached(*c, ref, i + 1, out);
}

bool is_data(const term& t) {
  return t.kind == term_kind::var && t.text == "data";
}

class dependencies {
public:
  dependencies(const node& root, node_set& out) : root_(root), out_(out) {}

  void walk(const rule& r) {
    for (auto* x = &r; x; x = x->otherwise.get())
      walk_branch(*x);
  }

  void walk_branch(const rule& r) {
    walk(r.body);
    walk(r.head.value);
    if (r.head.is_set)
      walk(r.head.key);
    if (r.head.ref.kind == term_kind::ref)
      for (size_t i = 1; i < r.head.ref.args.size(); ++i)
        walk(r.head.ref.args[i]);
  }

private:
  void walk(const term& t) {
    spend();
    bool from_data = t.kind == term_kind::ref && is_data(t.args[0]);
    if (from_data)
      reached(root_, t, 1, out_);
    else if (is_data(t))
      all_below(root_, out_);
    for (size_t i = from_data ? 1 : 0; i < t.args.size(); ++i)
      walk(t.args[i]);
    if (t.body)
      walk(*t.body);
  }

  void walk(const query& q) {
    for (auto& e : q.literals) {
      for (auto& t : e.terms)
        walk(t);
      if (e.body)
        walk(*e.body);
      for (auto& b : e.bodies)
        walk(*b);
      for (auto& w : e.withs)
        walk(w.replacement);
    }
  }

  const node& root_;
  node_set& out_;
};

using graph = std::map<const node*, node_set, by_index>;

void edges(const node& root, const node& n, graph& g) {
  if (has_value_rules(n)) {
    auto& to = g[&n];
    for (auto& e : n.rules)
      dependencies(root, to).walk(*e.r);
  }
  for (auto& [k, c] : n.children)
    edges(root, *c, g);
}

// Strongly connected components by Tarjan's algorithm, without recursion on
// the machine's stack: policies may chain thousands of rules.
class cycles {
public:
  explicit cycles(const graph& g) : g_(g) {}

  const node_numbers& components() {
    for (auto& [n, to] : g_)
      if (!index_.count(n))
        visit(n);
    return component_;
  }

private:
  struct frame {
    const node* n;
    node_set::const_iterator next;
  };

  void open(const node* n) {
    index_[n] = low_[n] = count_++;
    stack_.push_back(n);
    on_stack_.insert(n);
    frames_.push_back({n, g_.at(n).begin()});
  }

  void visit(const node* start) {
    open(start);
    while (!frames_.empty()) {
      auto& f = frames_.back();
      if (f.next == g_.at(f.n).end()) {
        close(f.n);
        continue;
      }
      auto* to = *f.next++;
      if (!index_.count(to))
        open(to);
      else if (on_stack_.count(to))
        low_[f.n] = std::min(low_[f.n], index_[to]);
    }
  }

  void close(const node* n) {
    if (low_[n] == index_[n]) {
      const node* x = nullptr;
      do {
        x = stack_.back();
        stack_.pop_back();
        on_stack_.erase(x);
        component_[x] = groups_;
      } while (x != n);
      ++groups_;
    }
    frames_.pop_back();
    if (!frames_.empty()) {
      auto* up = frames_.back().n;
      low_[up] = std::min(low_[up], low_[n]);
    }
  }

  const graph& g_;
  node_numbers index_, low_, component_;
  std::vector<const node*> stack_;
  node_set on_stack_;
  std::vector<frame> frames_;
  int count_ = 0, groups_ = 0;
};

// A way from a rule, which leads to `first`, back to it within its component.
std::string cycle_text(const graph& g, const node_numbers& group,
                       const node* from, const node_set& first,
                       const std::string& name) {
  std::map<const node*, const node*> came;
  std::vector<const node*> queue{from};
  for (size_t i = 0; i < queue.size(); ++i)
    for (auto* to : i ? g.at(queue[i]) : first) {
      spend(2);
      if (group.at(to) != group.at(from))
        continue;
      if (to == from) {
        std::vector<const node*> path;
        for (auto* x = queue[i]; x != from; x = came[x])
          path.push_back(x);
        auto text = name;
        for (auto p = path.rbegin(); p != path.rend(); ++p)
          text += " -> " + rule_text(**p, (*p)->rules[0]);
        return text + " -> " + name;
      }
      if (came.emplace(to, queue[i]).second)
        queue.push_back(to);
    }
  return "";
}

void conflict(const rule_entry& e, std::string message, errors& out,
              std::string code = "rego_type_error") {
  out.push_back({std::move(code), std::move(message), e.mod->file, e.r->at.row,
                 e.r->at.col});
}

// Rules of one large cycle would each be told with all of it.
constexpr size_t cycles_told = 100;

// Tells each rule of a node and each of its branches that needs itself.
void check_cycles(const node& root, const graph& g, const node_numbers& group,
                  const node* n, errors& out) {
  for (auto& e : n->rules)
    for (auto* r = e.r; r && out.size() < cycles_told; r = r->otherwise.get()) {
      node_set to;
      dependencies(root, to).walk_branch(*r);
      auto name = rule_text(*n, e);
      auto cycle = cycle_text(g, group, n, to, name);
      if (!cycle.empty())
        out.push_back({"rego_recursion_error",
                       "rule " + name + " is recursive: " + cycle, e.mod->file,
                       r->at.row, r->at.col});
    }
}

// The rules below a node; of one path and another below it the first.
void rules_below(const node& n, std::vector<std::string>& out) {
  for (auto& [k, c] : n.children)
    if (c->rules.empty())
      rules_below(*c, out);
    else
      out.push_back(rule_text(*c, c->rules[0]));
}

// A value has no rules below it.
bool check_below(const node& n, errors& out) {
  auto whole = [](auto& e) { return e.suffix.empty(); };
  std::vector<std::string> below;
  if (std::any_of(n.rules.begin(), n.rules.end(), whole))
    rules_below(n, below);
  if (below.empty())
    return true;
  std::string list;
  for (auto& path : below)
    list += (list.empty() ? "" : " ") + path;
  conflict(n.rules[0],
           "rule " + rule_text(n, n.rules.back()) + " conflicts with [" + list
               + "]",
           out);
  return false;
}

// Is there one value, and not a set or an object that has clauses?
bool is_complete(const rule_entry& e) {
  return !e.r->head.is_set && e.suffix.empty();
}

bool go_together(const rule_entry& a, const rule_entry& b) {
  return a.r->head.is_set == b.r->head.is_set
         && is_complete(a) == is_complete(b)
         && a.r->head.args.size() == b.r->head.args.size();
}

std::string rule_place(const rule_entry& e) {
  return (e.mod->file.empty() ? "" : e.mod->file + ":")
         + std::to_string(e.r->at.row)
         + (e.mod->file.empty() ? ":" + std::to_string(e.r->at.col) : "");
}

void check_defaults(const node& n, errors& out) {
  std::string places;
  const rule_entry* first = nullptr;
  size_t count = 0;
  for (auto& e : n.rules)
    if (e.r->is_default) {
      if (count++)
        places += ", ";
      else
        first = &e;
      places += rule_place(e);
    }
  if (count > 1)
    out.push_back({"rego_type_error",
                   "multiple default rules " + rule_text(n, n.rules.back())
                       + " found at " + places,
                   first->mod->file, first->mod->package.at.row,
                   first->mod->package.at.col});
}

// A package is no part of a value. What a rule gives for a variable key is
// known when it is evaluated only.
void check_package(const node& n, errors& out) {
  for (auto& e : n.rules)
    if (n.package && e.suffix.empty())
      out.push_back(
          {"rego_type_error",
           "package " + path_text(n).substr(5) + " conflicts with rule "
               + ref_text(e.r->head.ref) + " defined at " + rule_place(e),
           e.mod->file, e.mod->package.at.row, e.mod->package.at.col});
}

void check_node(const node& n, errors& out) {
  auto fits = [&](auto& e) { return go_together(e, n.rules[0]); };
  if (check_below(n, out)) {
    if (std::all_of(n.rules.begin(), n.rules.end(), fits))
      check_defaults(n, out);
    else
      conflict(n.rules[0],
               "conflicting rules " + rule_text(n, n.rules.back()) + " found",
               out);
  }
  check_package(n, out);
  for (auto& [k, c] : n.children)
    check_node(*c, out);
}

// `v` is what the data has at the node.
void check_path(const node& n, const value& v, const std::string& path,
                errors& out) {
  if (!n.rules.empty()) {
    conflict(n.rules[0], "conflicting rule for data path " + path + " found",
             out, "rego_compile_error");
    return;
  }
  for (auto& [k, c] : n.children) {
    if (c->key_term.kind != term_kind::string)
      continue;
    arena a;
    auto there =
        v.is_object() ? lookup(v, make_string(a, c->key_term.text)) : v;
    if (there.defined())
      check_path(
          *c, there,
          path.empty() ? c->key_term.text : path + "/" + c->key_term.text, out);
  }
}

} // namespace

errors path_conflicts(const policy& p, const value& data) {
  auto& of = static_cast<const compiled_policy&>(p);
  errors out;
  check_path(of.tree.root(), data, "", out);
  return told_of(std::move(out), of.options.errors_max);
}

std::vector<const rule_tree_node*> check_recursion(const rule_tree& tree,
                                                   errors& out) {
  graph g;
  edges(tree.root(), tree.root(), g);
  auto group = cycles(g).components();
  std::map<int, int> sizes;
  std::vector<const node*> order;
  for (auto& [n, c] : group) {
    ++sizes[c];
    order.push_back(n);
  }
  for (auto& [n, c] : group) {
    if (out.size() >= cycles_told)
      break;
    if (sizes[c] == 1 && !g.at(n).count(n))
      continue;
    check_cycles(tree.root(), g, group, n, out);
  }
  // A component is numbered when all that it leads to is.
  std::stable_sort(order.begin(), order.end(),
                   [&](auto* a, auto* b) { return group.at(a) < group.at(b); });
  return order;
}

void check_conflicts(const rule_tree& tree, errors& out) {
  check_node(tree.root(), out);
}

} // namespace rego
