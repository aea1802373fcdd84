// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// String templates: $"text {expression} text".

#include "parser/parser.hpp"

namespace rego {

term parser::parse_template() {
  if (!has("template_strings"))
    fail("template strings are not supported by current capabilities");
  auto& token = now();
  bool raw = token.text[1] == '`';
  auto end = token.at.offset + token.text.size() - 1;
  term out;
  out.kind = term_kind::template_string;
  out.truth = raw;
  auto at = token.at, from = at;
  std::string text; // as written; of a raw template without its escapes
  auto flush = [&] {
    if (text.empty())
      return;
    term t;
    t.kind = term_kind::string;
    t.at = from;
    t.where = {from.offset, at.offset};
    if (raw)
      t.text = text;
    else if (!unquote(text, t.text))
      fail("illegal template-string part: " + std::string(token.text));
    out.args.push_back(std::move(t));
    text.clear();
  };
  auto skip = [&] { step(at, text_[at.offset]); };
  skip();
  skip();
  while (at.offset < end) {
    auto c = text_[at.offset];
    if (c == '\\' && (!raw || text_[at.offset + 1] == '{')) {
      if (!raw)
        text += c;
      skip();
      text += text_[at.offset];
      skip();
    } else if (c == '{') {
      flush();
      skip();
      at = from = parse_template_part(out, at);
    } else {
      text += c;
      skip();
    }
  }
  flush();
  ++pos_;
  return out;
}

// {x | x = expression with ...}, marked as a part's set of values.
term parser::parse_with_part(term t) {
  term x;
  x.kind = term_kind::var;
  x.text = "$" + std::to_string(wildcards_++);
  x.at = t.at;
  expr e;
  e.at = t.at;
  x.where = t.where;
  auto begin = t.where.begin;
  e.terms.push_back(make_call("eq", now(), begin, x, std::move(t)));
  parse_withs(e);
  term out;
  out.kind = term_kind::set_compr;
  out.infix = true;
  out.at = x.at;
  out.where = since(begin);
  out.args.push_back(x);
  out.body = std::make_shared<query>();
  out.body->literals.push_back(std::move(e));
  return out;
}

// A part is a literal; those that have no value are refused.
term parser::parse_template_value() {
  auto start = now().at;
  std::string refused;
  term t;
  try {
    for (std::string_view w : {"not", "some", "every"})
      if (starts_with_word(w) && is_keyword(w))
        refused = w == "not" ? "negation ('not')" : "'" + std::string(w) + "'";
    if (!refused.empty()) {
      parse_literal();
    } else {
      t = parse_infix(false);
      if (at("=") || at(":=")) {
        refused = at("=") ? "unification ('=')" : "assignment (':=')";
        ++pos_;
        parse_infix(false);
      }
      if (at_word("with"))
        t = parse_with_part(std::move(t));
    }
  } catch (syntax_error& e) {
    e.what.push_back(
        problem_at(now().at, "invalid template-string expression"));
    throw;
  }
  if (!refused.empty())
    fail_at(start, "unexpected " + refused + " in template-string expression");
  if (!at_end())
    fail("expected } to end template string expression");
  return t;
}

// The expression from `from` on; returns the place behind its closing brace.
location parser::parse_template_part(term& out, const location& from) {
  auto tokens = lex_template_part(text_, file_, from);
  if (!tokens)
    throw syntax_error{tokens.error_list()};
  parse_options o{v1_, allowed_};
  parser p(file_, text_, *tokens, o);
  p.kw_in_ = kw_in_;
  p.kw_every_ = kw_every_;
  p.depth_ = depth_;
  p.wildcards_ = wildcards_;
  deeper d(p);
  p.end_is_brace_ = true;
  auto t = p.parse_template_value();
  wildcards_ = p.wildcards_;
  comments_.insert(comments_.end(), p.comments_.begin(), p.comments_.end());
  // An expression, even a string, is marked apart from literal text.
  t.paren = true;
  out.args.push_back(std::move(t));
  auto after = p.now().at;
  step(after, '}');
  return after;
}

} // namespace rego
