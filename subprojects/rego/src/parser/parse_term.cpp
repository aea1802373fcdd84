// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Terms: operators, references, literals, comprehensions.

#include "parser/parser.hpp"

#include "core/decimal.hpp"
#include "parser/ast.hpp"

namespace rego {

namespace {

struct op {
  std::string_view symbol;
  std::string_view name;
  int level;
};

constexpr op operators[] = {
    {"==", "equal", 0}, {"!=", "neq", 0},  {"<=", "lte", 0}, {">=", "gte", 0},
    {"<", "lt", 0},     {">", "gt", 0},    {"|", "or", 1},   {"&", "and", 2},
    {"+", "plus", 3},   {"-", "minus", 3}, {"*", "mul", 4},  {"/", "div", 4},
    {"%", "rem", 4}};
constexpr int tightest = 5;

} // namespace

term parser::make_call(std::string_view name, const location& at, term a,
                       term b) {
  term f;
  f.kind = term_kind::var;
  f.text = name;
  f.at = at;
  term c;
  c.kind = term_kind::call;
  c.infix = true;
  c.at = a.at;
  c.args.push_back(std::move(f));
  c.args.push_back(std::move(a));
  c.args.push_back(std::move(b));
  return c;
}

term parser::parse_infix(bool in_list) {
  deeper d(*this);
  return parse_membership(in_list);
}

// `x in xs`, and outside lists `k, v in xs`.
term parser::parse_membership(bool in_list) {
  auto left = parse_binary(0);
  if (!kw_in_)
    return left;
  if (!in_list && at(",")) {
    auto save = pos_;
    ++pos_;
    auto second = parse_binary(0);
    auto op_at = now().at;
    if (!take_word("in")) {
      pos_ = save;
      return left;
    }
    auto right = parse_binary(0);
    auto c = make_call("internal.member_3", op_at, std::move(left),
                       std::move(second));
    c.args.push_back(std::move(right));
    left = std::move(c);
  }
  while (at_word("in")) {
    auto op_at = now().at;
    ++pos_;
    auto right = parse_binary(0);
    left = make_call("internal.member_2", op_at, std::move(left),
                     std::move(right));
  }
  return left;
}

term parser::parse_binary(int level) {
  if (level == tightest)
    return parse_operand();
  auto left = parse_binary(level + 1);
  for (;;) {
    const op* found = nullptr;
    for (auto& o : operators)
      if (o.level == level && at(o.symbol) && !(no_pipe_ && o.symbol == "|"))
        found = &o;
    if (!found)
      return left;
    auto op_at = now().at;
    ++pos_;
    lengthen();
    left =
        make_call(found->name, op_at, std::move(left), parse_binary(level + 1));
  }
}

// Keeps the depth of a literal's tree within what recursion can walk.
void parser::lengthen() {
  if (++chain_ > 3000)
    fail("expression is too long");
}

term parser::parse_operand() {
  deeper d(*this);
  if (at("(")) {
    auto pipe = no_pipe_;
    no_pipe_ = false;
    auto start = now().at;
    ++pos_;
    auto t = parse_infix(false);
    no_pipe_ = pipe;
    expect(")");
    t.paren = true;
    t.at = start;
    return t;
  }
  return parse_operand_plain();
}

term parser::parse_operand_plain() {
  auto start = now().at;
  auto t = [&] {
    switch (now().type) {
    case tok::identifier:
      return parse_identifier();
    case tok::number:
      return parse_number(false);
    case tok::string:
    case tok::raw_string:
      return parse_string();
    case tok::template_string:
      return parse_template();
    default:
      break;
    }
    if (at("-") && ahead().type == tok::number) {
      ++pos_;
      return parse_number(true);
    }
    if (at("["))
      return parse_array();
    if (at("{"))
      return parse_brace();
    unexpected("");
  }();
  t.at = start;
  return parse_postfix(std::move(t));
}

term parser::parse_identifier() {
  auto word = now().text;
  term t;
  t.at = now().at;
  bool name = before_dot();
  if (word == "null" && !name) {
    t.kind = term_kind::null;
  } else if ((word == "true" || word == "false") && !name) {
    t.kind = term_kind::boolean;
    t.truth = word == "true";
  } else {
    if (!name && is_keyword(word)
        && !(word == "contains" && ahead().text == "("))
      unexpected("");
    t.kind = term_kind::var;
    t.text =
        word == "_" ? "$" + std::to_string(wildcards_++) : std::string(word);
    if (word == "set" && ahead().text == "(" && !ahead().space_before
        && ahead(2).text == ")") {
      pos_ += 2;
      t.kind = term_kind::set;
      t.text.clear();
    }
  }
  ++pos_;
  return t;
}

term parser::parse_number(bool negative) {
  term t;
  t.kind = term_kind::number;
  t.text = (negative ? "-" : "") + std::string(now().text);
  if (!fits_arithmetic(to_decimal(t.text)))
    fail("number too big");
  ++pos_;
  return t;
}

term parser::parse_string() {
  term t;
  t.kind = term_kind::string;
  auto inside = now().text.substr(1, now().text.size() - 2);
  if (now().type == tok::raw_string)
    t.text = inside;
  else if (!unquote(inside, t.text))
    fail("illegal string escape sequence");
  ++pos_;
  return t;
}

// `.name`, `[term]` and `(arguments)`, as long as they touch.
term parser::parse_postfix(term head) {
  for (;;) {
    if (now().space_before)
      return head;
    if (at(".") || at("["))
      head = parse_bracket_tail(std::move(head));
    else if (at("(")
             && (head.kind == term_kind::var || head.kind == term_kind::ref)) {
      lengthen();
      head = parse_call_tail(std::move(head));
    } else {
      return head;
    }
  }
}

term parser::parse_bracket_tail(term head) {
  if (head.kind == term_kind::number || head.kind == term_kind::null
      || head.kind == term_kind::boolean)
    unexpected("");
  if (head.kind != term_kind::ref || head.paren) {
    term r;
    r.kind = term_kind::ref;
    r.at = head.at;
    r.args.push_back(std::move(head));
    head = std::move(r);
  }
  // Later stages recurse over a reference's parts.
  if (head.args.size() > 1000)
    fail("reference is too long");
  if (take(".")) {
    if (now().type != tok::identifier || now().space_before)
      unexpected("expected ident");
    term s;
    s.kind = term_kind::string;
    s.text = now().text;
    s.at = now().at;
    ++pos_;
    head.args.push_back(std::move(s));
    return head;
  }
  expect("[");
  auto pipe = no_pipe_;
  no_pipe_ = false;
  head.args.push_back(parse_infix(false));
  no_pipe_ = pipe;
  expect("]");
  return head;
}

term parser::parse_call_tail(term head) {
  expect("(");
  auto pipe = no_pipe_;
  no_pipe_ = false;
  term c;
  c.kind = term_kind::call;
  c.at = head.at;
  c.args.push_back(std::move(head));
  while (!at(")")) {
    c.args.push_back(parse_infix(true));
    if (!take(","))
      break;
  }
  no_pipe_ = pipe;
  expect(")");
  return c;
}

// After a head: `| body` up to the closing bracket.
void parser::parse_comprehension(term& t, std::string_view closing) {
  expect("|");
  auto pipe = no_pipe_;
  no_pipe_ = false;
  t.body = std::make_shared<query>(parse_body_until(closing));
  no_pipe_ = pipe;
}

// The first element of a collection, which may be a comprehension's head.
term parser::parse_first() {
  auto pipe = no_pipe_;
  no_pipe_ = true;
  auto t = parse_infix(true);
  no_pipe_ = pipe;
  return t;
}

term parser::parse_array() {
  expect("[");
  term t;
  t.kind = term_kind::array;
  if (take("]"))
    return t;
  t.args.push_back(parse_first());
  if (at("|")) {
    t.kind = term_kind::array_compr;
    parse_comprehension(t, "]");
  } else {
    auto pipe = no_pipe_;
    no_pipe_ = false;
    while (take(",") && !at("]"))
      t.args.push_back(parse_infix(true));
    no_pipe_ = pipe;
  }
  expect("]");
  return t;
}

term parser::parse_brace() {
  auto start = now().at;
  expect("{");
  term t;
  t.kind = term_kind::object;
  if (take("}"))
    return t;
  auto first = parse_first();
  if (at("|")) {
    t.kind = term_kind::set_compr;
    t.args.push_back(std::move(first));
    parse_comprehension(t, "}");
  } else {
    auto pipe = no_pipe_;
    no_pipe_ = false;
    t = parse_set_or_object(std::move(first), start);
    no_pipe_ = pipe;
  }
  expect("}");
  return t;
}

term parser::parse_set_or_object(term first, const location& start) {
  term t;
  t.at = start;
  t.args.push_back(std::move(first));
  if (take(":")) {
    t.kind = term_kind::object;
    t.args.push_back(parse_first());
    if (at("|")) {
      t.kind = term_kind::object_compr;
      parse_comprehension(t, "}");
      return t;
    }
    while (take(",") && !at("}")) {
      t.args.push_back(parse_infix(true));
      expect(":");
      t.args.push_back(parse_infix(true));
    }
    return t;
  }
  t.kind = term_kind::set;
  while (take(",") && !at("}"))
    t.args.push_back(parse_infix(true));
  return t;
}

} // namespace rego
