// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The types of the virtual documents: what the rules checked so far give, kept
// by their nodes of the rule tree. Everything else below data is any.

#include <vector>

#include "compiler/rule_tree.hpp"
#include "compiler/types/type.hpp"

namespace rego::types {

class rule_types {
public:
  /// The type of a node's own rules; null where they have none (yet).
  const type& value(const rule_tree_node& n) const;
  /// The child that a key leads to, if it or something below it is known.
  const rule_tree_node* child(const rule_tree_node& n, const term& key) const;
  bool known(const rule_tree_node& n) const;
  /// The type of the document at a node, what stands below it included.
  type extent(const rule_tree_node& n) const;
  /// Keys of the known children in OPA's order.
  std::vector<constant_key> children(const rule_tree_node& n) const;

  /// Makes a node known without a type of its own.
  void mark(const rule_tree_node& n);
  /// Another rule of the node gives this as well.
  void add(const rule_tree_node& n, const type& t);
  /// A rule of the node is wrong: nothing that uses it shall be.
  void give_up(const rule_tree_node& n);
  /// No rules come any more: from now on any thread may read.
  void settle();

private:
  struct entry {
    type value;
    bool known = false;
    bool given_up = false;
  };

  entry& at(const rule_tree_node& n);
  void add_to_documents_above(const rule_tree_node& n, const type& t);
  void add_documents_below(const rule_tree_node& n,
                           const std::vector<constant_key>& path, type& to);

  void forget_extents(const rule_tree_node& n);

  std::vector<entry> by_index_; // rule_tree_node::index
  // Of nodes that references lead to, until there is another rule below, so
  // that all have the same; none once it is settled.
  mutable std::vector<type> extents_;
  bool settled_ = false;
};

} // namespace rego::types
