// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which rules of a policy lead to which. A reference with a variable in it may
// reach every rule of a large object, and many may: such references lead to one
// vertex that they share, and only that to the rules. So the graph takes memory
// in proportion to the policy. Lives within one compilation, on its thread.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/rule_tree.hpp"

namespace rego {

class rule_graph {
public:
  struct vertex {
    const rule_tree_node* rules = nullptr; // null where it is shared
    int number = 0; // in the order of making: of nodes' as they have theirs
    std::vector<vertex*> to;
    int component = -1;
  };
  using edges = std::vector<vertex*>;

  /// Of all rules of the tree, whose nodes have their numbers.
  explicit rule_graph(const rule_tree& tree);

  /// Those of nodes with rules, by the numbers of their nodes. One component is
  /// numbered behind all that it leads to.
  const edges& vertices() const { return of_rules_; }
  /// Does it lead to itself, as all of its component do then?
  bool is_cyclic(const vertex& v) const;
  /// What one branch of a rule leads to.
  edges needs_of_branch(const rule& r);

private:
  using node = rule_tree_node;

  // The nodes that references of one form lead to: their keys, of which some
  // may be any, behind a node that they all begin with.
  struct place {
    std::vector<const node*> nodes, inner; // inner: those with children
    std::map<std::string, std::unique_ptr<place>> next; // by key; "": any
    vertex* own = nullptr;                              // their rules
    vertex* below = nullptr;                            // and all below them
    bool has_own = false, has_below = false;            // those are made
  };

  vertex* new_vertex(const node* rules = nullptr);
  vertex* shared(const edges& to);
  void make_vertices(const node& n);
  vertex* rules_at(const node& n) const;
  vertex* extent(const node& n);
  place& step(place& from, const term& key);
  vertex* own(place& p);
  vertex* below(place& p);
  void lead(const term& ref, edges& out);
  void lead_on(place* p, const term& ref, size_t i, edges& out);
  void walk_branch(const rule& r, edges& out);
  void walk(const query& q, edges& out);
  void walk(const term& t, edges& out);

  const node& root_;
  std::deque<vertex> vertices_;
  edges of_rules_;
  std::vector<vertex*> by_index_, extents_; // of nodes
  std::map<int, place> places_;             // by the node's number
  std::vector<int> sizes_;                  // of components
};

} // namespace rego
