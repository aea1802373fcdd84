// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The compiled policy as the engine keeps it, and the compiler's stages in
// order: parse, annotations, rule tree, names, conflicts, operands, safety,
// recursion, types, instructions.

#include <list>

#include "compiler/rule_tree.hpp"
#include "compiler/types/base_types.hpp"
#include "compiler/types/rule_types.hpp"
#include "machine/query.hpp"
#include "rego/engine.hpp"

namespace rego {

class annotation_set;

class compiled_policy : public policy,
                        public std::enable_shared_from_this<compiled_policy> {
public:
  std::vector<std::string> packages() const override;
  std::vector<rule_info> rules() const override;
  std::span<const trace_node> trace_nodes() const override {
    return prog.unit.traces;
  }

  std::list<module> modules;
  rule_tree tree;
  types::rule_types document_types; // of the tree's documents, for queries
  types::base_types base_types;     // the same of input
  compile_options options;
  program prog;
};

/// Gives test rules of one name names of their own: "test_x#01".
void separate_tests(std::list<module>& modules);

/// The elements behind the one that makes a head's name that of a test, which
/// name its cases: "sub" and x of test_x.sub[x]; none where it is no test.
std::vector<term> case_keys(term head);

/// Recursion among rules, whose nodes are allotted. Without it the nodes that
/// have rules, each behind those that its rules need.
std::vector<const rule_tree_node*> check_recursion(const rule_tree& tree,
                                                   errors& out);
/// Rules that contradict each other.
void check_conflicts(const rule_tree& tree, errors& out);

/// Allots slots and node numbers; then instructions for every rule.
void allot(compiled_policy& p);
void write_rules(compiled_policy& p, annotation_set& notes, errors& out);

/// The first errors, and that there may be more; 0: all. See compile_options.
errors told_of(errors list, size_t most);

} // namespace rego
