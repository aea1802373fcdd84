// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What depends on the unknowns: references to them, calls that have another
// answer each time, and rules that come by either. Remembers its findings.

#include <map>
#include <vector>

#include "compiler/rule_tree.hpp"

namespace rego {

/// The nodes with rules that a reference can mean: the one on its way, or all
/// below where it ends. Empty for base documents.
std::vector<const rule_tree_node*> rules_meant(const rule_tree& tree,
                                               const term& ref);

class dependence {
public:
  /// The unknowns as references: input, input.user, data.roles.
  dependence(const rule_tree& tree, std::vector<term> unknowns)
      : tree_(tree), unknowns_(std::move(unknowns)) {}

  bool depends(const rule_tree_node& n);
  template <class Tree>
  bool depends(const Tree& t);

private:
  bool term_depends(const term& t, bool callee);
  bool overlaps(const term& ref) const;

  const rule_tree& tree_;
  std::vector<term> unknowns_;
  std::map<const rule_tree_node*, bool> known_;
};

} // namespace rego
