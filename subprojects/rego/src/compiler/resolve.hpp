// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// First pass: names. Imports and rule names become references from data;
// declared locals get names of their own ("x#3"), so that scopes need no
// further thought. Changes the tree in place.

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/vars.hpp"
#include "parser/ast.hpp"
#include "rego/error.hpp"

namespace rego {

/// The parser's names of `_` and of what it adds itself.
inline bool is_wildcard(const std::string& name) {
  return name.empty() || name[0] == '$';
}

class resolver {
public:
  /// `strict` reports what is declared and never used.
  resolver(std::string file, errors& out, bool strict)
      : file_(std::move(file)), out_(out), strict_(strict) {}

  /// What names mean in a module.
  void set_package(
      const term& package,
      std::shared_ptr<const std::unordered_set<std::string>> rule_names);
  void add_import(const import_decl& d);
  /// After the rules, in the strict mode: what none of them names.
  void report_unused_imports(const std::vector<import_decl>& list,
                             errors& out) const;

  /// Notes from now on each name that becomes a reference.
  void note_names(std::vector<meant_name>& to) { meant_ = &to; }

  void resolve(rule& r);
  /// What is wrong with calls and replacements when all names are known; OPA
  /// tells of it where nothing else is wrong.
  errors later;

  /// A query's declared variables keep their names for the bindings.
  void resolve_query(query& q);

private:
  enum class origin {
    argument, // in the strict mode it has to be used
    assigned, // likewise
    declared, // it has to be used always
    element,  // of `some … in`: what it is taken from uses it
  };
  struct local_name {
    std::string unique;
    location at; // of the literal, of an argument its rule's head
    origin from;
    int number; // in the order of declaration
    bool used = false;
  };
  struct imported {
    term path;
    bool used = false;
  };
  using scope = std::unordered_map<std::string, local_name>;

  void move_expressions(rule& r);
  void resolve_clause(rule& r);
  void resolve_body(query& q);
  void resolve_literal(expr& e);
  void resolve_call_literal(expr& e);
  void resolve_some(expr& e);
  void resolve_some_in(expr& e);
  void resolve_every(expr& e);
  void resolve_with(with_modifier& w);
  void resolve_term(term& t);
  void resolve_ref(term& t);
  void resolve_closure(term& t);
  void resolve_call(term& t);
  void resolve_operator(term& op);
  bool replace_name(term& t);
  void name_pattern(term& t);
  void declare_arguments(const term& t, const location& head);
  void assign_pattern(term& t, const location& literal);
  bool can_declare(const std::string& name, const location& at);
  void declare(const std::string& name, const location& at, origin from);
  bool is_variable(const std::string& name) const;
  bool is_known(const std::string& name) const;
  const std::string* local(const std::string& name);
  void open_scope(var_set variables = {});
  void open_scope(const query& body);
  void close_scope();
  void report_unused(const scope& s, origin from);
  void fail(const location& at, std::string message,
            std::string code = "rego_compile_error");

  std::string file_;
  errors& out_;
  term package_;
  std::shared_ptr<const std::unordered_set<std::string>> rule_names_;
  std::unordered_map<std::string, imported> imports_;
  std::vector<scope> scopes_;
  std::vector<std::unordered_set<std::string>> used_;
  std::vector<var_set> variables_; // declared somewhere in a body
  std::vector<meant_name>* meant_ = nullptr;
  int next_ = 0;
  bool keep_names_ = false;
  bool strict_;
  bool alone_ = false;     // the next call is a literal and no value
  bool declaring_ = false; // a pattern is being named, not used
  bool wrong_ = false;     // the clause has an error already
  int depth_ = 0;
};

} // namespace rego
