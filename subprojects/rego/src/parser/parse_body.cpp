// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Bodies and literals.

#include <utility>

#include "core/outside_memory.hpp"
#include "parser/parser.hpp"

namespace rego {

query parser::parse_whole_query() {
  auto q = parse_body_until("");
  if (!at_end())
    unexpected("");
  return q;
}

query parser::parse_braced_body() {
  expect("{");
  if (at("}"))
    fail("found empty body");
  auto q = parse_body_until("}");
  expect("}");
  q.braces = true;
  return q;
}

query parser::parse_body_until(std::string_view closing) {
  deeper d(*this);
  query q;
  while (closing.empty() ? !at_end() : !at(closing)) {
    q.literals.push_back(parse_literal());
    end_literal(closing);
  }
  if (q.literals.empty())
    fail("found empty body");
  return q;
}

// Whether a text can be read, were all keywords imported. Nothing is read.
template <class Parse>
bool parser::with_all_keywords(const Parse& parse) {
  auto save = here();
  bool* keywords[] = {&kw_in_, &kw_every_, &kw_if_, &kw_contains_};
  bool before[std::size(keywords)];
  for (size_t i = 0; i < std::size(keywords); ++i)
    before[i] = std::exchange(*keywords[i], true);
  bool out = reads(parse);
  for (size_t i = 0; i < std::size(keywords); ++i)
    *keywords[i] = before[i];
  back_to(save);
  return out;
}

// Whether the name `every` at a token would begin a quantifier.
bool parser::means_every(size_t from) {
  return with_all_keywords([&] {
    expr e;
    pos_ = from;
    parse_every(e);
  });
}

bool parser::means_some_in() {
  return with_all_keywords([&] {
    expr e;
    if (!parse_some_in(e))
      throw syntax_error();
  });
}

// Literals end with a newline, a semicolon and another one, or the body.
void parser::end_literal(std::string_view closing) {
  if (take(";")) {
    if (at_end() || (closing.size() && at(closing)))
      unexpected("");
    return;
  }
  if (closing.empty() ? at_end() : at(closing))
    return;
  if (now().newline_before)
    return;
  tell_illegal();
  if (wrong_.empty()) // OPA would join two queries
    tell_misplaced(
        closing.empty() ? "" : "expected \\n or ; or " + std::string(closing));
  throw syntax_error();
}

expr parser::parse_literal() {
  take_memory(2 * sizeof(expr));
  auto at = now().at;
  auto start = pos_;
  auto beside = std::exchange(chain_, 0);
  auto e = parse_literal_start();
  e.at = at;
  if (e.kind != expr_kind::some)
    parse_withs(e);
  chain_ = std::max(chain_, beside);
  if (!kw_every_ && e.kind == expr_kind::term && e.terms[0].is(term_kind::var)
      && e.terms[0].text == "every" && means_every(start))
    hints_.push_back("`import future.keywords.every` for `every x in xs { ... "
                     "}` expressions");
  e.text = source(at);
  if (e.kind == expr_kind::not_body && !e.body->braces)
    for (auto& inner : e.body->literals) {
      inner.at = e.at;
      inner.text = e.text;
    }
  return e;
}

// What is declared of a collection in `x in xs` and `k, v in xs`, and that one;
// empty where `t` is neither.
std::vector<term> parser::parts_of_membership(term t,
                                              const std::string& expected) {
  if (!t.is(term_kind::call))
    return {};
  auto name = callee_name(t.args[0]);
  bool keyed = name == "internal.member_3";
  if (!keyed && name != "internal.member_2")
    unexpected(expected);
  if (t.args.size() != (keyed ? 4 : 3))
    unexpected("illegal domain");
  t.args.erase(t.args.begin());
  return std::move(t.args);
}

// `some x in xs` or `some k, v in xs`; nothing is read where it is neither.
bool parser::parse_some_in(expr& e) {
  auto save = here();
  term t;
  reads([&] { t = parse_infix(false); });
  e.terms = parts_of_membership(
      std::move(t), "expected `x in xs` or `x, y in xs` expression");
  if (!e.terms.empty()) {
    e.kind = expr_kind::some_in;
    return true;
  }
  back_to(save);
  return false;
}

void parser::parse_some(expr& e) {
  ++pos_;
  e.kind = expr_kind::some;
  if (parse_some_in(e))
    return;
  if (!asked_v1_ && means_some_in())
    hints_.push_back("`import future.keywords.in` for `some x in xs` "
                     "expressions");
  do {
    if (now().type != tok::identifier || is_keyword(now().text))
      unexpected("expected var");
    term v;
    v.kind = term_kind::var;
    v.text = now().text;
    v.at = now().at;
    ++pos_;
    v.where = since(v.at.offset);
    if (v.text == "_")
      v.text = "$" + std::to_string(wildcards_++);
    e.terms.push_back(std::move(v));
  } while (take(","));
}

void parser::parse_every(expr& e) {
  ++pos_;
  e.kind = expr_kind::every;
  auto expected = "expected `x[, y] in xs { ... }` expression";
  e.terms = parts_of_membership(parse_infix(false), expected);
  if (e.terms.empty())
    unexpected(expected);
  for (size_t i = 0; i + 1 < e.terms.size(); ++i)
    if (e.terms[i].kind != term_kind::var || is_root(e.terms[i]))
      unexpected(std::string("expected ")
                 + (i + 2 == e.terms.size() ? "value" : "key")
                 + " to be a variable");
  if (!at("{"))
    unexpected("missing body");
  e.body = std::make_shared<query>(parse_braced_body());
}

void parser::parse_withs(expr& e) {
  while (at_word("with")) {
    with_modifier w;
    w.at = now().at;
    ++pos_;
    if (now().type != tok::identifier || is_keyword(now().text))
      unexpected("expected ident");
    w.target = parse_operand_plain();
    if (w.target.kind != term_kind::ref && w.target.kind != term_kind::var)
      tell_misplaced("expected with target path");
    if (!take_word("as"))
      unexpected("expected as keyword");
    w.replacement = parse_infix(false);
    w.where = since(w.at.offset);
    e.withs.push_back(std::move(w));
  }
}

// A term, `a := b` or `a = b`.
term parser::parse_expression() {
  auto begin = now().at.offset;
  auto left = parse_infix(false);
  if (!at("=") && !at(":="))
    return left;
  auto& op = now();
  ++pos_;
  auto right = parse_infix(false);
  return make_call(op.text == "=" ? "eq" : "assign", op, begin, std::move(left),
                   std::move(right));
}

} // namespace rego
