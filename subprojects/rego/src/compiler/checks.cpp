// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Checks on the whole policy: rules that call themselves, rules of one name
// that cannot go together.

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "compiler/compile.hpp"
#include "compiler/rule_graph.hpp"

namespace rego {

namespace {

using node = rule_tree_node;

// "data.a.p[x]": a rule's reference in full.
std::string rule_text(const node& n, const rule_entry& e) {
  auto t = path_ref(n);
  t.args.insert(t.args.end(), e.suffix.begin(), e.suffix.end());
  return ref_text(t);
}

using vertex = rule_graph::vertex;

// The rules that edges lead to by themselves or through shared vertices, each
// of which is looked into once.
class rules_behind {
public:
  // In the order of their nodes, so that it hangs on the policy alone.
  rule_graph::edges of(const rule_graph::edges& list) {
    rule_graph::edges out, open = list;
    while (!open.empty()) {
      spend(2);
      auto* v = open.back();
      open.pop_back();
      if (v->rules)
        out.push_back(v);
      else if (seen_.insert(v).second)
        open.insert(open.end(), v->to.begin(), v->to.end());
    }
    std::sort(out.begin(), out.end(),
              [](auto* a, auto* b) { return a->number < b->number; });
    return out;
  }

private:
  std::unordered_set<const vertex*> seen_;
};

// A way from a rule, which leads to `first`, back to it within its component.
std::string cycle_text(const vertex* from, const rule_graph::edges& first,
                       const std::string& name) {
  std::unordered_map<const vertex*, const vertex*> came;
  std::vector<const vertex*> queue{from};
  rules_behind behind;
  for (size_t i = 0; i < queue.size(); ++i)
    for (auto* to : behind.of(i ? queue[i]->to : first)) {
      if (to->component != from->component)
        continue;
      if (to == from) {
        std::vector<const vertex*> path;
        for (auto* x = queue[i]; x != from; x = came[x])
          path.push_back(x);
        auto text = name;
        for (auto p = path.rbegin(); p != path.rend(); ++p)
          text += " -> " + rule_text(*(*p)->rules, (*p)->rules->rules[0]);
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
void check_cycles(rule_graph& g, const vertex& v, errors& out) {
  for (auto& e : v.rules->rules)
    for (auto* r = e.r; r && out.size() < cycles_told; r = r->otherwise.get()) {
      auto name = rule_text(*v.rules, e);
      auto cycle = cycle_text(&v, g.needs_of_branch(*r), name);
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
  rule_graph g(tree);
  auto vertices = g.vertices();
  for (auto* v : vertices) {
    if (out.size() >= cycles_told)
      break;
    if (g.is_cyclic(*v))
      check_cycles(g, *v, out);
  }
  // A component is numbered when all that it leads to is.
  std::stable_sort(vertices.begin(), vertices.end(), [](auto* a, auto* b) {
    return a->component < b->component;
  });
  std::vector<const node*> order;
  for (auto* v : vertices)
    order.push_back(v->rules);
  return order;
}

void check_conflicts(const rule_tree& tree, errors& out) {
  check_node(tree.root(), out);
}

} // namespace rego
