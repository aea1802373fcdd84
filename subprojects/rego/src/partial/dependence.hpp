// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What depends on the unknowns: references to them, calls that have another
// answer each time, rules that are not to be inlined, and rules that come by
// any of them. Remembers its findings.

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
  /// References: input, input.user, data.roles; `apart` are to stay.
  dependence(const rule_tree& tree, std::vector<term> unknowns,
             std::vector<term> apart)
      : tree_(tree), unknowns_(std::move(unknowns)), apart_(std::move(apart)) {}

  bool depends(const rule_tree_node& n);
  template <class Tree>
  bool depends(const Tree& t);

  /// Is it, or may it be, a part of what is not known, or does it have one?
  bool unknown(const term& ref) const { return overlaps(ref, unknowns_); }
  bool apart(const term& ref) const { return overlaps(ref, apart_); }
  const std::vector<term>& unknowns() const { return unknowns_; }

private:
  bool term_depends(const term& t, bool callee);
  static bool overlaps(const term& ref, const std::vector<term>& list);

  const rule_tree& tree_;
  std::vector<term> unknowns_, apart_;
  std::map<const rule_tree_node*, bool> known_;
};

} // namespace rego
