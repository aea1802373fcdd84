// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// That every called function is known, and the number of operands. OPA looks at
// it before anything is known of variables, and says no more of a policy where
// it is wrong.

#include "compiler/code_writer.hpp"
#include "compiler/types/check_rules.hpp"
#include "compiler/types/checker.hpp"
#include "compiler/vars.hpp"

namespace rego::types {

namespace {

class arities {
public:
  arities(const rule_tree& tree, std::string file, const capabilities* allowed,
          errors& out)
      : tree_(tree), checker_(tree, rules_, base_, file, out),
        file_(std::move(file)), allowed_(allowed), out_(out) {}

  void check(const rule& r) {
    for (auto* x = &r; x; x = x->otherwise.get()) {
      for (auto& a : x->head.args)
        check(a);
      check(x->body);
      check(x->head.ref);
      if (x->head.is_set)
        check(x->head.key);
      check(x->head.value);
    }
  }

  void check(const query& q) {
    for (auto& e : q.literals) {
      bool call = e.kind == expr_kind::term && e.terms[0].is(term_kind::call);
      if (call)
        check_call(e.terms[0], e.at, false);
      for (auto& t : call ? e.terms[0].args : e.terms)
        check(t);
      if (e.body)
        check(*e.body);
      for (auto& b : e.bodies)
        check(*b);
      for (auto& w : e.withs) {
        check(w.replacement);
        if (allowed_)
          check_replaced(w);
      }
    }
  }

private:
  void check(const term& t) {
    spend();
    if (t.is(term_kind::call))
      check_call(t, t.at, true);
    if (t.is(term_kind::template_string)
        && !is_allowed("internal.template_string"))
      report("rego_compile_error", "template-strings are not supported", t.at);
    for (auto& a : t.args)
      check(a);
    if (t.body)
      check(*t.body);
  }

  // A literal may have its result as a further operand.
  void check_call(const term& t, const location& at, bool nested) {
    auto arity = callee_arity(tree_, t.args[0]);
    auto n = t.args.size() - 1;
    auto want = static_cast<size_t>(arity);
    if (arity < 0 || is_refused(t.args[0]))
      return check_known(t.args[0], at);
    if (n == want || (!nested && n == want + 1))
      return;
    auto name = callee_name(t.args[0]);
    error e{"rego_type_error", name + ": arity mismatch", file_, at.row,
            at.col};
    if (t.args[0].is(term_kind::ref) && is_root(t.args[0].args[0]))
      e.message = "function " + name + " has arity " + std::to_string(want)
                  + ", got " + std::to_string(n) + " argument"
                  + (n == 1 ? "" : "s");
    else
      e.details = checker_.operands_of(t, nested);
    out_.push_back(std::move(e));
  }

  // Of any number of operands are built-ins alone.
  void check_known(const term& callee, const location& at) {
    if (is_document(callee) || is_refused(callee) || !names_builtin(callee))
      report("rego_type_error", "undefined function " + ref_text(callee), at);
  }

  // What cannot be called is nothing that `with` could replace, nor that it
  // could replace something by.
  void check_replaced(const with_modifier& w) {
    if (is_refused(w.target))
      report("rego_type_error",
             "with keyword target must reference existing input, data, or "
             "a function",
             w.target.at);
    auto& by = w.replacement;
    if (names_builtin(by) && is_refused(by))
      report("rego_unsafe_var_error",
             "var " + (by.is(term_kind::ref) ? by.args[0] : by).text
                 + " is unsafe",
             by.at);
  }

  static bool is_document(const term& callee) {
    return is_root(callee.is(term_kind::ref) ? callee.args[0] : callee);
  }

  // Assignments are equations to OPA, and print has another name.
  bool is_refused(const term& callee) const {
    if (!allowed_ || is_document(callee))
      return false;
    auto name = callee_name(callee);
    return !is_allowed(name == "assign"  ? "eq"
                       : name == "print" ? "internal.print"
                                         : name);
  }

  bool is_allowed(std::string_view builtin) const {
    return !allowed_ || allowed_->builtins.contains(builtin);
  }

  void report(const char* code, std::string message, const location& at) {
    out_.push_back({code, std::move(message), file_, at.row, at.col});
  }

  const rule_tree& tree_;
  rule_types rules_; // nothing is known
  base_types base_;
  checker checker_;
  std::string file_;
  const capabilities* allowed_;
  errors& out_;
};

} // namespace

void check_arities(const rule_tree& tree, const module& m,
                   const capabilities* allowed, errors& out) {
  arities check(tree, m.file, allowed, out);
  for (auto& r : m.rules)
    check.check(r);
}

void check_arities(const rule_tree& tree, const query& q,
                   const capabilities* allowed, errors& out) {
  arities(tree, "", allowed, out).check(q);
}

} // namespace rego::types
