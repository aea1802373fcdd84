// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rule index: which clauses of a rule can match an input. A trie over the
// documents of the input (or arguments) that the clauses compare with scalar
// constants; each level looks at one document and has a hash table by value
// and a branch for the clauses that do not care. Immutable, shared by threads.

#include <cstdint>
#include <memory>
#include <vector>

#include "rego/value.hpp"

namespace rego {

/// What a level looks at: input.k1.k2..., or argument n.
struct index_subject {
  int argument = -1; // below 0: the input
  std::vector<value> path;
};

/// One equality of a clause.
struct index_condition {
  size_t subject;
  value constant; // a scalar
};

struct rule_index {
  struct node {
    uint32_t subject = 0; // of an inner node
    int32_t any = -1;     // clauses without a condition here
    std::vector<std::pair<value, int32_t>> table; // open addressing
    std::vector<uint32_t> clauses;                // of a leaf
    bool leaf = false;
  };

  std::vector<index_subject> subjects;
  std::vector<node> nodes; // nodes[0] is the root

  /// Builds the trie; null where it would tell no clauses apart.
  static std::shared_ptr<const rule_index>
  build(std::vector<index_subject> subjects,
        const std::vector<std::vector<index_condition>>& clauses);

  /// The child for a value, or -1.
  static int32_t find(const node& n, const value& v);
};

} // namespace rego
