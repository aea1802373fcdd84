// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Simplifies bodies literal by literal, in the order that safety gave them: a
// literal that is known is solved and its variables replaced by their values;
// one that is a rule of nothing but conditions is replaced by the rule's
// bodies; all else is kept, with its known parts as values.

#include <set>
#include <string>
#include <vector>

#include "partial/dependence.hpp"
#include "partial/known.hpp"
#include "rego/partial.hpp"

namespace rego {

/// What is left of one way through a body.
struct residual_body {
  std::vector<expr> kept;
  binding_set values; // of variables that are known
};

/// Puts rules in an order that is the same each time: what is written of them
/// must be too.
struct by_path {
  bool operator()(const rule_tree_node* a, const rule_tree_node* b) const {
    return path_text(*a) < path_text(*b);
  }
};
using rule_set = std::set<const rule_tree_node*, by_path>;

/// Rules that the residual needs, found on the way.
struct needed_rules {
  rule_set specialised; // as data.partial...
  rule_set whole;       // with their modules
};

class simplifier {
public:
  simplifier(const rule_tree& tree, dependence& d, known_parts& k,
             const partial_options& o, budget& left)
      : tree_(tree), depends_(d), known_(k), options_(o), left_(left) {}

  /// Rules at or below this reference are not inlined.
  void keep_apart(const term& ref) { apart_.push_back(ref); }

  /// The ways through a body: one of them has to hold. `named` are variables
  /// whose values the caller wants to see: they stay in the body.
  std::vector<residual_body> simplify(const std::vector<expr>& body,
                                      const std::set<std::string>& named);

  /// A term of a rule's head under the values found.
  term finish(const term& t, const binding_set& values);

  /// May the rules be written under data.partial?
  bool specialisable(const rule_tree_node& n);

  needed_rules needed;

private:
  struct way {
    std::vector<expr> kept, rest; // rest: backwards
    binding_set values;
    std::set<std::string> open; // bound by literals that are kept
  };

  void step(way w, std::vector<way>& next);
  bool inlined(const way& w, const expr& e, std::vector<way>& next);
  bool solved(const way& w, const expr& e, std::vector<way>& next);
  void keep(way& w, expr e);
  const rule_tree_node* condition(const expr& e) const;
  bool is_apart(const term& ref) const;
  std::vector<expr> renamed_body(const rule& r);
  void fold(term& t, bool callee);
  void fold(expr& e);
  void fold(std::shared_ptr<query>& body);
  void direct(term& ref);
  void need_whole(const expr& e);

  const rule_tree& tree_;
  dependence& depends_;
  known_parts& known_;
  const partial_options& options_;
  budget& left_;
  std::vector<term> apart_;
  std::set<std::string> named_;
  std::set<std::string> closed_; // variables of closures, not to be folded
  size_t copies_ = 0;
  size_t bodies_ = 1;
};

/// The variables' values in place of them, in closures as well.
void substitute(expr& e, const binding_set& values);
void substitute(term& t, const binding_set& values);

} // namespace rego
