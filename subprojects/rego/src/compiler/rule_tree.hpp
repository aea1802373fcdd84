// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the compiler keeps a policy's rules while it compiles: the tree of
// virtual documents by ground prefix, and the rules of each node. Lives as long
// as one compilation (and its prepared queries' look at names).

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "parser/ast.hpp"

namespace rego {

struct rule_entry {
  module* mod = nullptr;
  rule* r = nullptr;
  std::vector<term> suffix; // of the head's reference beyond the ground prefix
};

struct rule_tree_node {
  std::string key; // key_text of the path's element
  term key_term;
  rule_tree_node* parent = nullptr;
  std::map<std::string, std::unique_ptr<rule_tree_node>> children;
  std::vector<rule_entry> rules;
  bool package = false;
  // Of a package: what its rules begin with.
  std::shared_ptr<std::unordered_set<std::string>> names;
  int slot = -1;
  int index = -1; // of the node in the program
};

/// Shared by the modules of a package.
using rule_names = std::shared_ptr<const std::unordered_set<std::string>>;

class rule_tree {
public:
  rule_tree();
  rule_tree_node& root() { return *root_; }
  const rule_tree_node& root() const { return *root_; }
  rule_tree_node& package_of(const module& m);
  void add(module& m, rule& r, errors& out);
  /// The node of a path below data, or null.
  static const rule_tree_node* child(const rule_tree_node& n, const term& key);
  /// Names that the package's rules begin with; null where there are none.
  rule_names names_in(const module& m) const;

private:
  std::unique_ptr<rule_tree_node> root_;
};

/// data.a.b of a node.
term path_ref(const rule_tree_node& n);
std::string path_text(const rule_tree_node& n);
/// A key in rule_tree_node::children: equal for equal scalars alone.
std::string key_text(const term& scalar);

} // namespace rego
