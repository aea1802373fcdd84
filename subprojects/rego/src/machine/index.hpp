// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rule index: which clauses of a rule can match an input. A trie over the
// documents of the input, of arguments or of the data that the clauses compare
// with scalar constants or arrays with such elements, look for among some, or
// match against globs; each level looks at
// one document and has a hash table by value, one by beginning or end of each
// length in use, and a branch for the clauses that do not care. It only leaves
// out clauses that cannot match: those left run in full. Immutable, shared by
// threads.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "rego/value.hpp"

namespace rego {

/// What a level looks at: input.k1.k2..., argument n and a path below it, or
/// base documents data.k1.k2...
struct index_subject {
  static constexpr int of_input = -1;
  static constexpr int of_base = -2;
  int argument = of_input; // from 0 on: an argument
  std::vector<value> path;
};

/// Where subjects are looked for, by the evaluation in force.
struct index_roots {
  const value& input;
  const value& base;
  const value* arguments;
};

/// What a clause demands of a subject, at most once for each.
struct index_condition {
  enum class test : uint8_t {
    one_of, // it equals one of the constants, scalars in order
    begins, // it is a string that begins with the one constant
    ends    // ... that ends with it
  };
  size_t subject = 0;
  test how = test::one_of;
  std::vector<value> constants;
};

/// What OPA's index demands of a subject: that it is defined, equals a scalar,
/// or is an array that has scalars at some places.
struct shown_condition {
  size_t subject = 0;
  bool is_array = false;
  value scalar;             // undefined: any
  std::vector<value> items; // of the array; undefined: any
};

struct rule_index {
  /// Nodes below the root on a way to a leaf at most.
  static constexpr size_t levels_max = 8;

  /// Children by value, in open addressing; below 0 is free. Never empty, and
  /// one place at least is free.
  using table = std::vector<std::pair<value, int32_t>>;

  /// Children by the beginnings or ends of `size` bytes.
  struct part {
    bool end = false;
    uint32_t size = 0;
    table children;
  };

  struct node {
    uint32_t subject = 0; // of an inner node
    int32_t any = -1;     // clauses without a condition here
    table by_value;
    std::vector<part> parts;
    std::vector<uint32_t> clauses; // of a leaf
    bool leaf = false;
  };

  std::vector<index_subject> subjects;
  std::vector<node> nodes; // nodes[0] is the root
  /// Conditions stand for built-ins, which `with` may replace.
  bool assumes_builtins = false;
  /// By clause, of instrumented code, where it shows which clauses run: those
  /// that OPA would leave out are left out, and no others are met in events.
  std::vector<std::vector<shown_condition>> shown;

  /// A trie that leaves out none.
  static std::shared_ptr<rule_index> of_all(size_t clauses);
  /// Builds the trie; null where it would tell no clauses apart.
  static std::shared_ptr<rule_index>
  build(std::vector<index_subject> subjects,
        const std::vector<std::vector<index_condition>>& clauses,
        bool assumes_builtins);

  /// Hands the clauses that can match to `visit`, in lists, until it says
  /// false; false then. `fails_alike` is false where a built-in on what is no
  /// text has to run, since it is to raise an error. `work` counts nodes and
  /// parts.
  template <class Visit>
  bool each(int32_t at, const index_roots& roots, bool fails_alike,
            uint64_t& work, Visit&& visit) const;

  value of_subject(size_t number, const index_roots& roots) const;

  /// Would OPA's index let the clause run?
  bool admits(size_t clause, const index_roots& roots) const;

  /// The child for a scalar, or -1.
  static int32_t find(const table& t, const value& v);
  /// The child for a string's beginning or end, or -1.
  static int32_t find(const part& p, std::string_view text);
};

inline value rule_index::of_subject(size_t number,
                                    const index_roots& roots) const {
  auto& subject = subjects[number];
  auto v = subject.argument >= 0 ? roots.arguments[subject.argument]
           : subject.argument == index_subject::of_base ? roots.base
                                                        : roots.input;
  for (auto& k : subject.path)
    v = lookup(v, k);
  return v;
}

template <class Visit>
bool rule_index::each(int32_t at, const index_roots& roots, bool fails_alike,
                      uint64_t& work, Visit&& visit) const {
  auto below = [&](int32_t child) {
    return child < 0 || each(child, roots, fails_alike, work, visit);
  };
  for (; at >= 0; at = nodes[static_cast<size_t>(at)].any) {
    auto& n = nodes[static_cast<size_t>(at)];
    if (n.leaf)
      return visit(n.clauses);
    ++work;
    auto v = of_subject(n.subject, roots);
    if (!v.defined())
      continue;
    if (!v.is_collection() && !below(find(n.by_value, v)))
      return false;
    for (auto& p : n.parts) {
      ++work;
      if (v.is_string()) {
        if (!below(find(p, v.as_string())))
          return false;
      } else if (!fails_alike) {
        for (auto& child : p.children)
          if (!below(child.second))
            return false;
      }
    }
  }
  return true;
}

} // namespace rego
