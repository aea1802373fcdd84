// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Statements that are literals, and the rules that they mean: `p := 1` and
// `p.q` as well as `eq(p, 1)` and `f(x) + 1 := y`.

#include <algorithm>
#include <utility>

#include "parser/parser.hpp"

namespace rego {

namespace {

bool gives_value(const term& t) {
  return t.is_call("eq") || t.is_call("assign");
}

bool has_name(const term& t) {
  return t.is(term_kind::var)
         || (t.is(term_kind::ref) && t.args[0].is(term_kind::var));
}

std::string_view name_of_kind(const term& t) {
  return kind_name(is_root(t) ? term_kind::ref : t.kind);
}

// Why a call that gives no value is no rule; empty where it is one.
std::string why_no_function(const term& call) {
  if (is_builtin_name(callee_name(call.args[0])))
    return "rule name conflicts with built-in function";
  if (call.args.size() == 1)
    return "rule argument list must take at least one argument";
  if (!has_name(call.args[0]))
    return "invalid rule head: " + term_text(call.args[0]);
  return {};
}

// Why the left of `left = right` is no head.
std::string why_no_head(const term& left) {
  if (has_name(left) || (left.is(term_kind::call) && has_name(left.args[0])))
    return {};
  if (left.is(term_kind::ref))
    return "invalid rule head: " + term_text(left);
  return std::string(name_of_kind(left)) + " cannot be used for rule name";
}

std::string why_no_rule(const expr& e) {
  if (!e.withs.empty())
    return "expressions using with keyword cannot be used for rule head";
  if (e.negated && !e.whole)
    return "negated expressions cannot be used for rule head";
  if (e.kind == expr_kind::some || e.kind == expr_kind::some_in)
    return "'some' declarations cannot be used for rule head";
  if (e.kind != expr_kind::term || e.whole)
    return "expression cannot be used for rule head";
  auto& t = e.terms[0];
  if (gives_value(t))
    return t.args.size() < 3 ? "assignment requires two operands"
                             : why_no_head(t.args[1]);
  if (t.is(term_kind::call))
    return why_no_function(t);
  if (is_root(t))
    return "refs cannot be used for rule head";
  if (t.is(term_kind::ref) && !has_name(t))
    return "invalid rule head: " + term_text(t);
  return t.is(term_kind::ref)
             ? std::string()
             : std::string(kind_name(t.kind)) + " cannot be used for rule name";
}

// The operator `in` is a function of two names.
term name_in_parts(term name) {
  auto dot = name.is(term_kind::var) ? name.text.find('.') : name.text.npos;
  if (dot == name.text.npos)
    return name;
  term ref = name, key = name;
  ref.kind = term_kind::ref;
  ref.text.clear();
  key.kind = term_kind::string;
  key.text = name.text.substr(dot + 1);
  name.text.resize(dot);
  ref.args = {std::move(name), std::move(key)};
  return ref;
}

void take_function(rule_head& h, term call) {
  h.ref = name_in_parts(std::move(call.args[0]));
  h.args.assign(std::make_move_iterator(call.args.begin() + 1),
                std::make_move_iterator(call.args.end()));
  h.is_function = !h.args.empty();
}

void take_head(rule_head& h, term t) {
  if (gives_value(t)) {
    h.assigned = t.is_call("assign");
    h.has_value = true;
    h.value = std::move(t.args[2]);
    term left = std::move(t.args[1]);
    t = std::move(left);
  } else if (t.is(term_kind::call)) {
    return take_function(h, std::move(t));
  }
  if (t.is(term_kind::call))
    take_function(h, std::move(t));
  else
    h.ref = std::move(t);
}

} // namespace

// Semicolons join literals: only one that stands alone can mean a rule. `known`
// is what was read as a head, up to `behind`.
void parser::parse_statement(module& m, rule* known, size_t behind) {
  // What was wrong before is all that is told then.
  auto begin = std::exchange(pos_, known ? behind : pos_);
  tell_illegal();
  if (!wrong_.empty())
    throw syntax_error();
  pos_ = begin;
  auto e = parse_literal();
  auto alone = pos_;
  while (take(";"))
    parse_literal();
  if (pos_ != alone)
    return object_to(e.at, "multiple expressions cannot be used for rule head");
  if (auto why = why_no_rule(e); !why.empty())
    return object_to(e.at, why);
  auto& t = e.terms[0];
  if (known && behind == pos_ && (!gives_value(t) || t.infix)) {
    m.rules.push_back(std::move(*known));
    return;
  }
  rule r;
  r.at = r.head.at = e.at;
  r.head.where = since(e.at.offset);
  r.text = e.text;
  r.no_body = true;
  r.body = true_body(e.at);
  r.head.value = true_term(e.at);
  take_head(r.head, std::move(t));
  classify_head(r.head, false);
  m.rules.push_back(std::move(r));
}

} // namespace rego
