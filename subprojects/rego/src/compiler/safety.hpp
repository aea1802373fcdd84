// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Second pass: safety. Orders the literals of every body so that each finds its
// variables bound, and finds the variables for which no order does.

#include "compiler/vars.hpp"
#include "parser/ast.hpp"
#include "rego/error.hpp"

namespace rego {

class safety {
public:
  /// With `always` all that can be is taken apart as OPA does, and not only
  /// what has no order else.
  safety(std::string file, arity_of arity, bool always = false)
      : file_(std::move(file)), arity_(std::move(arity)), always_(always) {}

  /// What is wrong with one clause or a query; unsafe_vars.hpp says it as OPA
  /// does. Where there is nothing, OPA may still refuse it if it is doubtful.
  errors check(rule& clause);
  errors check(query& q);
  bool doubtful() const { return doubtful_; }

private:
  template <class Tree>
  errors check_tree(Tree& tree, errors (safety::*once)(Tree&));
  errors check_clause(rule& r);
  errors check_body(query& q);
  var_set order(query& q, const var_set& safe);
  void close(expr& e, const var_set& safe);
  void close(term& t, const var_set& safe);
  void settle(const std::vector<term*>& head, var_set& safe);
  void need(const term& t, const var_set& safe, const location& at);
  void unsafe(const std::string& name, const location& at);

  std::string file_;
  arity_of arity_;
  errors found_;
  bool always_;
  bool doubtful_ = false; // a literal binds what it needs itself
  bool expand_ = false;   // and must be taken apart for that
};

/// Orders a query and tells what is unsafe in it.
errors check_safety(query& q, const arity_of& arity);

} // namespace rego
