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
  if (kw_in_ && !in_list && at(",")) {
    auto save = here();
    term second, right;
    const token* op = nullptr;
    ++pos_;
    if (!reads([&] {
          second = parse_binary(0);
          op = &now();
          if (!take_word("in"))
            throw syntax_error();
          right = parse_binary(0);
        })) {
      back_to(save);
      return left;
    }
    auto c = make_call("internal.member_3", *op, begin, std::move(left),
                       std::move(second));
    c.args.push_back(std::move(right));
    left = std::move(c);
  }
  for (see_name(); kw_in_ && at_word("in"); see_name()) {
    auto& op = now();
    ++pos_;
    lengthen();
    term right;
    if (!reads([&] { right = parse_binary(0); }))
      return left; // and what follows is read nevertheless
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
      if (o.level == level && at(o.symbol))
        found = &o;
    if (!found)
      return left;
    auto& op = now();
    ++pos_;
    lengthen();
    term right;
    if (!reads([&] { right = parse_binary(level + 1); }))
      return left;
    left = make_call(found->name, op, begin, std::move(left), std::move(right));
  }
}

// Keeps the depth of a term's tree within what recursion can walk.
void parser::lengthen() {
  if (++chain_ > chain_max)
    give_up("expression is too long");
}

term parser::parse_operand() {
  deeper d(*this);
  if (unread_.from == pos_ && unread_.before <= wrong_.size()) {
    pos_ = unread_.to;
    wrong_.resize(unread_.before); // so nothing is told twice
    wrong_.insert(wrong_.end(), unread_.why.begin(), unread_.why.end());
    illegal_told_ = unread_.illegal_told;
    throw syntax_error();
  }
  tell_illegal();
  auto from = pos_, before = wrong_.size();
  term t;
  if (reads([&] { t = parse_operand_anew(); })) {
    if (unread_.from > from)
      unread_.from = SIZE_MAX;
    return t;
  }
  if (wrong_.size() - before < 20) {
    auto first = wrong_.begin() + static_cast<ptrdiff_t>(before);
    unread_ = {from, pos_, before, illegal_told_, {first, wrong_.end()}};
  }
  throw syntax_error();
}

term parser::parse_operand_anew() {
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
    case tok::template_part:
    case tok::template_end:
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
  bool name = pos_ == name_pos_;
  if (word == "null" && !name) {
    t.kind = term_kind::null;
  } else if ((word == "true" || word == "false") && !name) {
    t.kind = term_kind::boolean;
    t.truth = word == "true";
  } else {
    bool call = (word == "and" || word == "or") && ahead().text == "("
                && !ahead().space_before;
    if (!name && !call && word != "contains" && is_keyword(word))
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
  auto goes_on = [&] {
    bool called = head.kind == term_kind::call
                  || (head.kind == term_kind::set && head.args.empty());
    return !now().space_before && (at(".") || at("[") || (at("(") && !called));
  };
  if (!goes_on())
    return head;
  if (is_scalar(head) || head.kind == term_kind::template_string
      || head.kind == term_kind::ref || (head.paren && is_root(head)))
    tell(head.at,
         "illegal ref (head cannot be "
             + std::string(is_root(head) ? "ref" : kind_name(head.kind)) + ")");
  while (goes_on()) {
    if (at("("))
      lengthen();
    head = at("(") ? parse_call_tail(std::move(head))
                   : parse_bracket_tail(std::move(head));
  }
  return head;
}

term parser::parse_bracket_tail(term head) {
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
    give_up("reference is too long");
  if (take(".")) {
    if (auto dot = tokens_[pos_ - 1].at; now().space_before)
      meet_space(dot);
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
    head.args.push_back(parse_infix(false));
    if (!take("]"))
      unexpected("expected [");
  }
  head.where.end = last_end();
  return head;
}

term parser::parse_call_tail(term head) {
  expect("(");
  term c;
  c.kind = term_kind::call;
  c.at = head.at;
  auto begin = head.where.begin;
  if (head.kind != term_kind::var && head.kind != term_kind::ref) {
    term r;
    r.kind = term_kind::ref;
    r.at = head.at;
    r.where = head.where;
    r.args.push_back(std::move(head));
    head = std::move(r);
  }
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

// `| body` behind a head. Where a comma ends what was no body, the pipe is an
// operator: false, and nothing is read.
bool parser::parse_comprehension(term& t, term head, std::string_view closing) {
  auto save = here();
  expect("|");
  if (!reads([&] {
        t.body = std::make_shared<query>(parse_body_until(closing));
      })) {
    if (!at(","))
      throw syntax_error();
    back_to(save);
    return false;
  }
  t.kind = closing == "]" ? term_kind::array_compr : term_kind::set_compr;
  t.args.push_back(std::move(head));
  return true;
}

// The further elements up to the closing bracket.
void parser::parse_list(term& t, term first, std::string_view closing) {
  t.args.push_back(std::move(first));
  while (!at(closing)) {
    if (!take(","))
      unexpected("expected \",\" or \"" + std::string(closing) + '"');
    if (!at(closing))
      t.args.push_back(parse_infix(true));
  }
}

// OPA reads no operators before a comprehension's bar but within parentheses.
term parser::parse_array() {
  expect("[");
  term t;
  t.kind = term_kind::array;
  if (take("]"))
    return t;
  bool comma = take(","); // allowed before the first element
  auto begin = now().at.offset;
  auto first = parse_operand();
  bool plain = at(",") || at("]");
  if (!at("|") || comma || !parse_comprehension(t, first, "]"))
    parse_list(t, plain ? std::move(first) : parse_infix_from(first, begin),
               "]");
  expect("]");
  return t;
}

term parser::parse_brace() {
  expect("{");
  term t;
  t.kind = term_kind::object;
  if (take("}"))
    return t;
  bool comma = take(",");
  auto begin = now().at.offset;
  auto first = parse_operand();
  bool operators = !at("}") && !at(",") && !at(":");
  if (at("|") && !comma) {
    if (!parse_comprehension(t, first, "}")) {
      t.kind = term_kind::set;
      parse_list(t, parse_infix_from(std::move(first), begin), "}");
    }
    expect("}");
    return t;
  }
  if (operators)
    first = parse_infix_from(std::move(first), begin);
  if (at(":")) {
    parse_object(t, std::move(first), !comma);
  } else if (at("}") || at(",")) {
    t.kind = term_kind::set;
    parse_list(t, std::move(first), "}");
  } else {
    unexpected("non-terminated set");
  }
  expect("}");
  return t;
}

// The members behind `first`, the value of the first one, or a body.
bool parser::parse_pairs_or_comprehension(term& t, term first) {
  t.args.push_back(std::move(first));
  if (!take("|"))
    return reads([&] { parse_pairs(t); });
  t.kind = term_kind::object_compr;
  return reads(
      [&] { t.body = std::make_shared<query>(parse_body_until("}")); });
}

void parser::parse_object(term& t, term key, bool may_be_comprehension) {
  expect(":");
  auto start = here();
  auto begin = now().at.offset;
  auto value = parse_operand();
  auto behind = here();
  t.args.push_back(std::move(key));
  bool plain = at(",") || at("}");
  if ((plain || at("|")) && may_be_comprehension) {
    if (parse_pairs_or_comprehension(t, plain ? std::move(value) : value))
      return;
    back_to(plain ? start : behind);
    if (plain) // and OPA tells no more than that
      unexpected("non-terminated object");
    t.kind = term_kind::object;
    t.body.reset();
    t.args.resize(1);
  }
  t.args.push_back(parse_infix_from(std::move(value), begin));
  if (!at(",") && !at("}"))
    unexpected("non-terminated object");
  parse_pairs(t);
}

void parser::parse_pairs(term& t) {
  while (!at("}")) {
    if (!take(","))
      unexpected(R"(expected "," or "}")");
    if (at("}"))
      return;
    t.args.push_back(parse_infix(true));
    if (!take(":"))
      unexpected(R"(expected ":")");
    t.args.push_back(parse_infix(true));
  }
}

} // namespace rego
