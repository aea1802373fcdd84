// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What depends on the unknowns: references to them, calls that have another
// answer each time, rules that are not to be inlined, and rules that come by
// any of them. Remembers its findings.

#include <map>
#include <vector>

#include "compiler/rule_tree.hpp"
#include "partial/budget.hpp"

namespace rego {

/// The node whose rules, its own and those below it, a reference can mean: the
/// one with rules on its way, or where it ends. Null for base documents.
const rule_tree_node* meant_by(const rule_tree& tree, const term& ref);

/// Those of a node and the ones below it that have rules.
std::vector<const rule_tree_node*> with_rules(const rule_tree_node& n);

class dependence {
public:
  /// References: input, input.user, data.roles; `apart` are to stay.
  dependence(const rule_tree& tree, std::vector<term> unknowns,
             std::vector<term> apart, budget& left)
      : tree_(tree), unknowns_(std::move(unknowns)), apart_(std::move(apart)),
        left_(left) {}

  /// The node's rules or those below it.
  bool depends(const rule_tree_node& n);

  /// Is it, or may it be, a part of what is not known, or does it have one?
  bool unknown(const term& ref) const { return overlaps(ref, unknowns_); }
  bool apart(const term& ref) const { return overlaps(ref, apart_); }
  const std::vector<term>& unknowns() const { return unknowns_; }

private:
  using nodes = std::vector<const rule_tree_node*>;

  bool look(const rule_tree_node& n, nodes& needed);
  bool look(const rule& r, nodes& needed);
  bool by_itself(const term& t, bool callee) const;
  static bool overlaps(const term& ref, const std::vector<term>& list);

  const rule_tree& tree_;
  std::vector<term> unknowns_, apart_;
  budget& left_;
  std::map<const rule_tree_node*, bool> known_;
};

} // namespace rego
