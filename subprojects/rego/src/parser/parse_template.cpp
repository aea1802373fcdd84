// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// String templates: $"text {expression} text".

#include "parser/parser.hpp"

namespace rego {

namespace {

// The end of the expression that begins at `from`: its closing brace.
size_t closing_brace(std::string_view s, size_t from) {
  int depth = 0;
  for (size_t i = from; i < s.size(); ++i) {
    if (s[i] == '"' || s[i] == '`') {
      auto quote = s[i];
      for (++i; i < s.size() && s[i] != quote; ++i)
        if (s[i] == '\\' && quote == '"')
          ++i;
    } else if (s[i] == '{') {
      ++depth;
    } else if (s[i] == '}' && depth-- == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

} // namespace

term parser::parse_template() {
  auto& token = now();
  bool raw = token.text[1] == '`';
  auto inside = token.text.substr(2, token.text.size() - 3);
  term out;
  out.kind = term_kind::template_string;
  auto add_text = [&](std::string_view s) {
    if (s.empty())
      return;
    term t;
    t.kind = term_kind::string;
    t.at = token.at;
    if (raw)
      t.text = s;
    else if (!unquote(s, t.text))
      fail("illegal string escape sequence");
    out.args.push_back(std::move(t));
  };
  size_t from = 0;
  for (size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\' && (!raw || inside.substr(i, 2) == "\\{")) {
      if (raw) {
        add_text(inside.substr(from, i - from));
        from = i + 1;
      }
      ++i;
      continue;
    }
    if (inside[i] != '{')
      continue;
    add_text(inside.substr(from, i - from));
    auto end = closing_brace(inside, i + 1);
    if (end == std::string_view::npos)
      fail("unterminated template expression");
    parse_template_part(out, inside.substr(i + 1, end - i - 1), i + 3,
                        token.at);
    i = end;
    from = end + 1;
  }
  add_text(inside.substr(from));
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
  e.terms.push_back(make_call("eq", t.at, x, std::move(t)));
  parse_withs(e);
  term out;
  out.kind = term_kind::set_compr;
  out.infix = true;
  out.at = x.at;
  out.args.push_back(x);
  out.body = std::make_shared<query>();
  out.body->literals.push_back(std::move(e));
  return out;
}

void parser::parse_template_part(term& out, std::string_view inside,
                                 size_t offset, const location& base) {
  auto tokens = lex(inside, file_);
  if (!tokens)
    throw syntax_error{tokens.error_list()[0]};
  for (auto& t : (*tokens).tokens) {
    if (t.at.row == 1)
      t.at.col += base.col + static_cast<int>(offset) - 1;
    t.at.row += base.row - 1;
  }
  parse_options o{v1_, logic_};
  parser p(file_, inside, *tokens, o);
  p.kw_in_ = kw_in_;
  p.kw_every_ = kw_every_;
  p.depth_ = depth_;
  p.wildcards_ = wildcards_;
  deeper d(p);
  if (p.at_end())
    fail("empty template expression");
  auto t = p.parse_infix(false);
  if (p.at_word("with"))
    t = p.parse_with_part(std::move(t));
  if (!p.at_end())
    p.unexpected("expected }");
  wildcards_ = p.wildcards_;
  // An expression, even a string, is marked apart from literal text.
  t.paren = true;
  out.args.push_back(std::move(t));
}

} // namespace rego
