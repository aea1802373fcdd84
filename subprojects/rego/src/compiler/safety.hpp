// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Second pass: safety. Orders the literals of every body so that each finds its
// variables bound, and reports the variables for which no order does.

#include "compiler/vars.hpp"
#include "parser/ast.hpp"
#include "rego/error.hpp"

namespace rego {

class safety {
public:
  safety(std::string file, arity_of arity, errors& out)
      : file_(std::move(file)), arity_(std::move(arity)), out_(out) {}

  /// `siblings` are the rules of the module, of which `r` is the next, for
  /// the message.
  void check(rule& r, const std::vector<rule>& siblings);
  /// Variables that are safe after the query.
  var_set check(query& q);

private:
  void check_clause(rule& r);
  var_set order(query& q, const var_set& safe);
  void close(expr& e, const var_set& safe);
  void check_print(const term& call, const var_set& safe);
  void close(term& t, const var_set& safe);
  void settle(const term& t, var_set& safe);
  void need(const term& t, const var_set& safe, const location& at);
  void unsafe(const std::string& name, const location& at);

  std::string where_;         // " in rule x" where needed
  size_t line_end_ = 0;       // the last rule's line: where it ends,
  bool line_differs_ = false; // and whether it has rules of several names
  std::string file_;
  arity_of arity_;
  errors& out_;
};

} // namespace rego
