// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// String templates: $"text {expression} text".

#include "parser/parser.hpp"

namespace rego {

// The text at hand, between the quote or brace before it and the one at its
// end: as written; of a raw template without its escapes.
void parser::parse_template_text(term& out, bool first) {
  auto& part = now();
  auto inside = part.text.substr(first ? 2 : 0);
  inside.remove_suffix(1);
  if (inside.empty())
    return;
  std::string text;
  for (size_t i = 0; i < inside.size(); ++i) {
    bool escaped = inside[i] == '\\' && i + 1 < inside.size();
    if (escaped && !out.truth && inside[i + 1] != '{')
      text += inside[i++];
    else if (escaped && inside[i + 1] == '{')
      ++i;
    text += inside[i];
  }
  term t;
  t.kind = term_kind::string;
  t.at = part.at;
  t.where = {part.at.offset + (first ? 2 : 0),
             part.at.offset + static_cast<uint32_t>(part.text.size()) - 1};
  if (out.truth)
    t.text = text;
  else if (!unquote(text, t.text))
    fail("illegal template-string part: " + std::string(first ? "\"" : "}")
         + text + part.text.back());
  out.args.push_back(std::move(t));
}

term parser::parse_template() {
  if (!has("template_strings"))
    fail("template strings are not supported by current capabilities");
  term out;
  out.kind = term_kind::template_string;
  out.truth = now().text[1] == '`'; // raw
  for (auto begin = pos_;; ++pos_) {
    parse_template_text(out, pos_ == begin);
    if (now().type == tok::template_end)
      break;
    ++pos_;
    auto t = parse_template_value();
    // An expression, even a string, is marked apart from literal text.
    t.paren = true;
    out.args.push_back(std::move(t));
    if (!at("}"))
      fail("expected } to end template string expression");
    if (ahead().type == tok::illegal) {
      ++pos_;
      fail("expected template-string part");
    }
  }
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
  if (!reads([&] {
        for (std::string_view w : {"not", "some", "every"})
          if (starts_with_word(w) && is_keyword(w))
            refused =
                w == "not" ? "negation ('not')" : "'" + std::string(w) + "'";
        if (!refused.empty()) {
          parse_literal();
          return;
        }
        see_name();
        t = parse_expression();
        if (t.is_call("eq") || t.is_call("assign"))
          refused = t.is_call("eq") ? "unification ('=')" : "assignment (':=')";
        if (at_word("with"))
          t = parse_with_part(std::move(t));
      }))
    fail("invalid template-string expression");
  if (!refused.empty())
    fail_at(start, "unexpected " + refused + " in template-string expression");
  return t;
}

} // namespace rego
