// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Terms: operators, references, literals, comprehensions.

#include <utility>

#include "parser/ast.hpp"
#include "parser/parser.hpp"

namespace rego {

namespace {

struct infix_operator {
  std::string_view symbol;
  std::string_view name;
  int level;
};

constexpr infix_operator infix_operators[] = {
    {"==", "equal", 0}, {"!=", "neq", 0},  {"<=", "lte", 0}, {">=", "gte", 0},
    {"<", "lt", 0},     {">", "gt", 0},    {"|", "or", 1},   {"&", "and", 2},
    {"+", "plus", 3},   {"-", "minus", 3}, {"*", "mul", 4},  {"/", "div", 4},
    {"%", "rem", 4}};
constexpr int tightest = 5;

} // namespace

term parser::make_call(std::string_view name, const token& at, uint32_t begin,
                       term a, term b) {
  term f;
  f.kind = term_kind::var;
  f.text = name;
  f.at = at.at;
  f.where = {at.at.offset,
             at.at.offset + static_cast<uint32_t>(at.text.size())};
  term c;
  c.kind = term_kind::call;
  c.infix = true;
  c.at = a.at;
  c.where = since(begin);
  c.args.push_back(std::move(f));
  c.args.push_back(std::move(a));
  c.args.push_back(std::move(b));
  return c;
}

term parser::parse_infix(bool in_list) {
  deeper d(*this);
  // What is read beside another does not lengthen it; a given operand does.
  auto beside = given_ ? 0 : std::exchange(chain_, 0);
  auto t = parse_membership(in_list);
  chain_ = std::max(chain_, beside);
  return t;
}

// The rest of an expression whose first operand was read already.
term parser::parse_infix_from(term first, uint32_t begin) {
  given_ = std::move(first);
  given_begin_ = begin;
  return parse_infix(true);
}

// `x in xs`, and outside lists `k, v in xs`.
term parser::parse_membership(bool in_list) {
  auto begin = given_ ? given_begin_ : now().at.offset;
  auto left = parse_binary(0);
  if (!kw_in_)
    return left;
  if (!in_list && at(",")) {
    auto save = pos_;
    ++pos_;
    auto second = parse_binary(0);
    auto& op = now();
    if (!take_word("in")) {
      pos_ = save;
      return left;
    }
    auto right = parse_binary(0);
    auto c = make_call("internal.member_3", op, begin, std::move(left),
                       std::move(second));
    c.args.push_back(std::move(right));
    left = std::move(c);
  }
  while (starts_with_word("in")) {
    auto& op = now();
    ++pos_;
    lengthen();
    auto right = parse_binary(0);
    left = make_call("internal.member_2", op, begin, std::move(left),
                     std::move(right));
  }
  return left;
}

term parser::parse_binary(int level) {
  if (level == tightest) {
    if (!given_)
      return parse_operand();
    auto t = std::move(*given_);
    given_.reset();
    return t;
  }
  auto begin = given_ ? given_begin_ : now().at.offset;
  auto left = parse_binary(level + 1);
  for (;;) {
    const infix_operator* found = nullptr;
    for (auto& o : infix_operators)
      if (o.level == level && at(o.symbol) && !(no_pipe_ && o.symbol == "|"))
        found = &o;
    if (!found)
      return left;
    auto& op = now();
    ++pos_;
    lengthen();
    auto right = parse_binary(level + 1);
    left = make_call(found->name, op, begin, std::move(left), std::move(right));
  }
}

// Keeps the depth of a term's tree within what recursion can walk.
void parser::lengthen() {
  if (++chain_ > chain_max)
    fail("expression is too long");
}

term parser::parse_operand() {
  deeper d(*this);
  if (at("("))
    return parse_parentheses();
  bool minus = at("-") && ahead().type == tok::identifier
               && (!is_keyword(ahead().text) || ahead().text == "contains");
  return minus ? parse_minus() : parse_operand_plain();
}

// -x is 0 - x; a number's sign is the number's own.
term parser::parse_minus() {
  auto& op = now();
  ++pos_;
  term zero;
  zero.kind = term_kind::number;
  zero.text = "0";
  zero.at = op.at;
  zero.where = since(op.at.offset);
  auto t = parse_operand_plain();
  return make_call("minus", op, op.at.offset, std::move(zero), std::move(t));
}

// ( term ), which may go on as a reference. Each of ((a + b) + c) + d, as the
// formatter writes a chain, is an operand of the next one, without recursion.
term parser::parse_parentheses() {
  pipes operators_again(*this, false);
  std::vector<uint32_t> open;
  for (; at("("); ++pos_)
    open.push_back(now().at.offset);
  auto t = parse_infix(false);
  for (;;) {
    if (!take(")"))
      fail("non-terminated expression");
    t.paren = true;
    t.where = since(open.back());
    t = parse_postfix(std::move(t));
    given_begin_ = open.back();
    open.pop_back();
    if (open.empty())
      return t;
    given_ = std::move(t);
    t = parse_infix(false);
  }
}

term parser::parse_operand_plain() {
  auto start = now().at;
  auto t = [&] {
    switch (now().type) {
    case tok::identifier:
      return parse_identifier();
    case tok::number:
      return parse_number(false, false);
    case tok::string:
    case tok::raw_string:
      return parse_string();
    case tok::template_string:
      return parse_template();
    default:
      break;
    }
    bool minus = at("-");
    bool dot = minus ? ahead().text == "." : at(".");
    if (auto signs = size_t{minus} + size_t{dot};
        signs && ahead(signs).type == tok::number) {
      pos_ += signs;
      return parse_number(minus, dot);
    }
    if (dot || minus) {
      pos_ += size_t{minus} + size_t{dot};
      unexpected("expected number");
    }
    if (at("["))
      return parse_array();
    if (at("{"))
      return parse_brace();
    unexpected("");
  }();
  t.at = start;
  t.where = since(start.offset);
  return parse_postfix(std::move(t));
}

term parser::parse_identifier() {
  auto word = now().text;
  term t;
  t.at = now().at;
  bool name = before_ref();
  if (word == "null" && !name) {
    t.kind = term_kind::null;
  } else if ((word == "true" || word == "false") && !name) {
    t.kind = term_kind::boolean;
    t.truth = word == "true";
  } else {
    bool callable = word == "contains" || word == "and" || word == "or";
    if (!name && is_keyword(word) && !(callable && ahead().text == "("))
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

term parser::parse_string() {
  term t;
  t.kind = term_kind::string;
  auto inside = now().text.substr(1, now().text.size() - 2);
  if (now().type == tok::raw_string)
    t.text = inside;
  else if (!unquote(inside, t.text))
    fail("illegal string literal: " + std::string(now().text));
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
  bool reference = head.kind == term_kind::ref;
  if (is_scalar(head) || head.kind == term_kind::template_string
      || (reference && head.paren) || (head.paren && is_root(head)))
    fail_at(head.at,
            "illegal ref (head cannot be "
                + std::string(is_root(head) ? "ref" : kind_name(head.kind))
                + ")");
  if (head.kind != term_kind::ref || head.paren) {
    term r;
    r.kind = term_kind::ref;
    r.at = head.at;
    // OPA counts the text of `[1][0]` from the bracket that ends its head.
    bool named = head.kind == term_kind::var || head.kind == term_kind::string
                 || head.kind == term_kind::call;
    r.where.begin =
        named && !head.paren ? head.where.begin : tokens_[pos_ - 1].at.offset;
    r.args.push_back(std::move(head));
    head = std::move(r);
  }
  // Later stages recurse over a reference's parts.
  if (head.args.size() > 1000)
    fail("reference is too long");
  if (take(".")) {
    if (now().space_before && !at_end()) {
      space_ = tokens_[pos_ - 1].at;
      step(*space_, '.');
      unexpected("expected identifier");
    }
    if (now().type != tok::identifier
        || (!kw_in_refs_ && is_keyword(now().text)))
      unexpected("expected identifier");
    term s;
    s.kind = term_kind::string;
    s.text = now().text;
    s.at = now().at;
    ++pos_;
    s.where = since(s.at.offset);
    head.args.push_back(std::move(s));
  } else {
    expect("[");
    pipes operators_again(*this, false);
    head.args.push_back(parse_infix(false));
    if (!take("]"))
      unexpected("expected [");
  }
  head.where.end = last_end();
  return head;
}

term parser::parse_call_tail(term head) {
  expect("(");
  pipes operators_again(*this, false);
  term c;
  c.kind = term_kind::call;
  c.at = head.at;
  auto begin = head.where.begin;
  c.args.push_back(std::move(head));
  while (!at(")")) {
    c.args.push_back(parse_infix(true));
    if (!take(",") && !at(")"))
      unexpected("expected \",\" or \")\"");
  }
  expect(")");
  c.where = since(begin);
  return c;
}

// After a head: `| body` up to the closing bracket. Where a comma ends what
// was no body, the pipe is an operator: false, and nothing is read.
bool parser::parse_comprehension(term& t, std::string_view closing) {
  auto save = pos_;
  expect("|");
  try {
    t.body = std::make_shared<query>(parse_body_until(closing));
    return true;
  } catch (const syntax_error&) {
    if (!at(","))
      throw;
    pos_ = save;
    return false;
  }
}

// The further elements up to the closing bracket.
void parser::parse_list(term& t, term first, std::string_view closing) {
  t.args.push_back(std::move(first));
  while (take(",") && !at(closing))
    t.args.push_back(parse_infix(true));
}

// What follows the first operand behind a bracket. OPA reads operators before a
// comprehension's bar only within parentheses; where that reading fails, an
// expression is taken for a head nevertheless.
template <class Parse>
void parser::parse_elements(term& t, term first, uint32_t begin,
                            term_kind compr, std::string_view closing,
                            const Parse& parse) {
  if (at("|") && parse_comprehension(t, closing)) {
    t.kind = compr;
    t.args.push_back(std::move(first));
    return;
  }
  bool plain = at(",") || at(":") || at(closing);
  auto save = pos_;
  try {
    parse(parse_infix_from(plain ? std::move(first) : first, begin));
    if (plain || at(closing))
      return;
    not_closed(t, closing);
  } catch (const syntax_error&) {
    if (plain)
      throw;
    given_.reset();
    t.args.clear();
    auto reached = std::exchange(pos_, save);
    try {
      auto head = [&] {
        pipes end(*this, true);
        return parse_infix_from(std::move(first), begin);
      }();
      if (at("|") && parse_comprehension(t, closing)) {
        t.kind = compr;
        t.args.push_back(std::move(head));
        return;
      }
    } catch (const syntax_error&) {
    }
    t.body.reset();
    pos_ = reached;
    throw;
  }
}

// The token here neither goes on with a collection nor ends it.
void parser::not_closed(const term& t, std::string_view closing) const {
  bool object = t.kind == term_kind::object;
  if (t.kind != term_kind::array && t.args.size() <= (object ? 2 : 1))
    unexpected(object ? "non-terminated object" : "non-terminated set");
  unexpected("expected \",\" or \"" + std::string(closing) + '"');
}

term parser::parse_array() {
  pipes operators_again(*this, false);
  expect("[");
  term t;
  t.kind = term_kind::array;
  if (take("]"))
    return t;
  take(","); // allowed before the first element
  auto begin = now().at.offset;
  auto first = parse_operand();
  parse_elements(t, std::move(first), begin, term_kind::array_compr, "]",
                 [&](term x) { parse_list(t, std::move(x), "]"); });
  if (!take("]"))
    not_closed(t, "]");
  return t;
}

term parser::parse_brace() {
  pipes operators_again(*this, false);
  expect("{");
  term t;
  t.kind = term_kind::object;
  if (take("}"))
    return t;
  take(",");
  auto begin = now().at.offset;
  auto first = parse_operand();
  parse_elements(t, std::move(first), begin, term_kind::set_compr, "}",
                 [&](term x) { parse_set_or_object(t, std::move(x)); });
  if (!take("}"))
    not_closed(t, "}");
  return t;
}

void parser::parse_set_or_object(term& t, term first) {
  if (at(":"))
    return parse_object(t, std::move(first));
  t.kind = term_kind::set;
  parse_list(t, std::move(first), "}");
}

void parser::parse_pairs(term& t) {
  while (take(",") && !at("}")) {
    t.args.push_back(parse_infix(true));
    if (!take(":"))
      unexpected(R"(expected ":")");
    t.args.push_back(parse_infix(true));
  }
}

void parser::parse_object(term& t, term key) {
  expect(":");
  auto begin = now().at.offset;
  auto start = pos_;
  auto value = parse_operand();
  t.kind = term_kind::object;
  t.args.push_back(key);
  bool further = at(",");
  try {
    parse_elements(t, std::move(value), begin, term_kind::object_compr, "}",
                   [&](term x) {
                     t.args = {key, std::move(x)};
                     parse_pairs(t);
                   });
    if (further && !at("}"))
      not_closed(t, "}");
  } catch (const syntax_error&) {
    if (!further)
      throw;
    // OPA goes back to the first value and tells no more than that.
    pos_ = start;
    unexpected("non-terminated object");
  }
  if (t.kind == term_kind::object_compr && t.args.size() == 1)
    t.args.insert(t.args.begin(), std::move(key));
}

} // namespace rego
