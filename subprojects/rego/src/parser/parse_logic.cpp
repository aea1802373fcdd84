// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The operators `and` and `or`, groups of them in parentheses, and `not` with
// a body.

#include <utility>

#include "parser/parser.hpp"

namespace rego {

namespace {

query query_of_one(expr e, uint32_t end) {
  query q;
  q.end = end;
  q.literals.push_back(std::move(e));
  return q;
}

bool joins_operands(const expr& e) {
  return e.kind == expr_kind::all_of || e.kind == expr_kind::any_of;
}

// Calls of these give no value.
bool is_void_call(const expr& e) {
  if (e.negated || e.kind != expr_kind::term || !e.terms[0].is(term_kind::call))
    return false;
  auto name = callee_name(e.terms[0].args[0]);
  return name == "print" || name == "internal.print"
         || name == "internal.test_case";
}

// `{a | b}`, which looks like a comprehension. The first literal decides: what
// follows would be more of the comprehension's body.
bool is_ambiguous_union(const query& q) {
  auto& e = q.literals[0];
  return e.kind == expr_kind::term && !e.whole && e.terms[0].is_call("or")
         && e.terms[0].infix && !e.text.starts_with('(');
}

// What the brace that a term begins with opens.
const term& led_by_brace(const term& t) {
  auto* out = &t;
  while (out->is(term_kind::call) && out->infix)
    out = &out->args[1];
  return *out;
}

} // namespace

// The token behind the bracket that closes the one here, or the end.
size_t parser::behind_brackets() const {
  int depth = 0;
  auto i = pos_;
  do {
    if (tokens_[i].type == tok::end)
      break;
    depth += tokens_[i++].nesting();
  } while (depth > 0);
  return i;
}

// Whether the parentheses here could be more than a term's, so that most of
// them are read once only.
bool parser::may_be_group() const {
  auto end = behind_brackets();
  auto i = pos_;
  while (tokens_[i].text == "(")
    ++i;
  if (tokens_[i].text == "{" || tokens_[i].text == ")")
    return true;
  for (; i < end; ++i)
    if (auto& t = tokens_[i]; t.type == tok::identifier)
      for (std::string_view word : {"and", "or", "not", "with"})
        if (t.text == word)
          return true;
  return false;
}

void parser::tell_with_hint(const location& at, std::string message,
                            std::string hint) {
  tell_illegal();
  hints_.push_back(std::move(hint));
  tell(at, std::move(message));
}

void parser::fail_by_brace(const location& at, std::string_view word) {
  auto op = std::string(word);
  tell_with_hint(at,
                 "operand of `" + op
                     + "` cannot begin with `{` unless the braces hold a body",
                 "wrap the operand to keep the value: `(" + source(at) + ") "
                     + op + " ...`");
  throw syntax_error();
}

void parser::fail_by_with(const location& at) {
  auto op = std::string(now().text);
  tell_with_hint(at,
                 "`with` modifier is not allowed on operand of `" + op + '`',
                 "Wrap the operand in `(...)` or `{...}` to scope, or move "
                 "`with` after the `"
                     + op + "` expression to apply it to the whole expression");
  throw syntax_error();
}

void parser::tell_ambiguous_union(const location& at, const query& q,
                                  std::string_view prefix) {
  auto braces = source(at);
  auto& e = q.literals[0];
  auto from = e.at.offset - at.offset;
  auto in_parentheses = braces;
  in_parentheses.replace(from, e.text.size(), '(' + e.text + ')');
  auto before = std::string(prefix);
  tell_with_hint(at,
                 "ambiguous `{ ... | ... }` operand: read as a body holding a "
                 "set-union expression, not as a comprehension",
                 "write `" + before + '(' + braces
                     + ")` for the comprehension, or `" + before
                     + in_parentheses + "` for the set union");
}

// An operand that does nothing but print holds always.
void parser::check_operand(const query& q, std::string_view word) {
  for (auto& e : q.literals)
    if (!is_void_call(e))
      return;
  auto name = callee_name(q.literals[0].terms[0].args[0]);
  tell_with_hint(q.literals[0].at,
                 "operand of `" + std::string(word)
                     + "` cannot consist only of calls to `" + name + '`',
                 '`' + name
                     + "` produces no value and always succeeds, so the "
                       "operand can never fail; move it out of the operand, "
                       "or add an expression that can fail");
}

expr parser::parse_literal_start() {
  auto begin = now().at;
  bool logic = kw_and_ || kw_or_;
  if (logic && at("{"))
    if (auto body = parse_leading_body())
      return parse_logic_tail(std::move(*body), begin);
  if (logic && at("("))
    if (auto group = parse_logic_group(false, ""))
      return parse_logic_tail(std::move(*group), begin);
  see_name();
  bool negated = starts_with_word("not");
  if (negated)
    ++pos_;
  if (negated && kw_not_ && at("{"))
    return parse_logic_tail(parse_not_body(begin), begin);
  expr e;
  if (at_word("some")) {
    if (negated)
      unexpected("illegal negation of 'some'");
    parse_some(e);
  } else if (kw_every_ && at_word("every")) {
    if (negated)
      unexpected("illegal negation of 'every'");
    parse_every(e);
  } else {
    e = parse_plain_literal(negated, begin);
  }
  return e;
}

expr parser::negation_of(query q, const location& at) {
  expr e;
  e.kind = expr_kind::not_body;
  e.negated = e.whole = true;
  e.at = at;
  e.text = source(at);
  e.body = std::make_shared<query>(std::move(q));
  return e;
}

// A term or an assignment and what `and` and `or` join to it.
expr parser::parse_plain_literal(bool negated, const location& begin) {
  if (negated && kw_not_ && at("("))
    if (auto group = parse_logic_group(true, "not ")) {
      auto e = negation_of(std::move(*group), begin);
      return parse_logic_tail(query_of_one(std::move(e), last_end()), begin);
    }
  expr e;
  e.negated = negated;
  e.whole = negated && kw_not_;
  e.at = e.whole ? begin : now().at;
  e.terms.push_back(parse_expression());
  auto with = now().at;
  parse_withs(e);
  if (!at_logic())
    return e;
  if (!e.withs.empty())
    fail_by_with(with);
  e.text = source(e.at);
  if (!negated && e.text.starts_with('{')) {
    if (e.terms[0].is(term_kind::object) && e.terms[0].args.empty())
      fail_at(e.at, "found empty body");
    fail_by_brace(e.at, now().text);
  }
  auto at = e.at;
  return parse_logic_tail(query_of_one(std::move(e), last_end()), at);
}

// A body in braces that `and` or `or` follows; otherwise nothing is read, and
// the braces are a value's.
std::optional<query> parser::parse_leading_body() {
  auto& next = tokens_[behind_brackets()].text;
  if (next != "and" && next != "or")
    return {};
  auto save = here();
  query q;
  if (!reads([&] { q = parse_braced_body(); }) || !at_logic()) {
    back_to(save);
    return {};
  }
  q.end = last_end();
  if (is_ambiguous_union(q)) {
    tell_ambiguous_union(tokens_[save.pos].at, q, "");
    throw syntax_error();
  }
  return q;
}

// What operators join to a first operand, which may be all.
expr parser::parse_logic_tail(query first, const location& at) {
  if (at_logic())
    first = parse_chain("or", std::move(first), at);
  return std::move(first.literals[0]);
}

// `and` binds tighter than `or`.
query parser::parse_chain(std::string_view word, query first,
                          const location& at) {
  deeper d(*this);
  bool loose = word == "or";
  if (loose && at_logic("and"))
    first = parse_chain("and", std::move(first), at);
  if (!at_logic(word))
    return first;
  expr e;
  e.kind = loose ? expr_kind::any_of : expr_kind::all_of;
  e.at = at;
  e.bodies.push_back(std::make_shared<query>(std::move(first)));
  while (at_logic(word)) {
    ++pos_;
    auto next_at = now().at;
    auto next = parse_logic_operand(word);
    if (loose && at_logic("and"))
      next = parse_chain("and", std::move(next), next_at);
    if (e.bodies.size() == 1)
      check_operand(*e.bodies[0], word);
    check_operand(next, word);
    e.bodies.push_back(std::make_shared<query>(std::move(next)));
  }
  e.text = source(at);
  return query_of_one(std::move(e), last_end());
}

// An operand of `word`, which is empty for the first one of a group: that is
// told of no more than that it is none.
query parser::parse_logic_operand(std::string_view word) {
  deeper d(*this);
  if (at("{"))
    return parse_operand_body(word);
  auto begin = now().at;
  bool negated = starts_with_word("not");
  if (negated)
    ++pos_;
  if (negated && kw_not_ && at("{"))
    return parse_not_body(begin);
  if (at("(") && (kw_and_ || kw_or_) && (!negated || kw_not_))
    if (auto group = parse_logic_group(true, negated ? "not " : ""))
      return negated ? query_of_one(negation_of(std::move(*group), begin),
                                    last_end())
                     : std::move(*group);
  expr e;
  e.negated = negated;
  e.whole = negated && kw_not_;
  e.at = e.whole ? begin : now().at;
  e.terms.push_back(parse_expression());
  e.text = source(e.at);
  return query_of_one(std::move(e), last_end());
}

// The term at a place where a body could not be read; where it is none either,
// what is wrong with the body is told.
std::optional<term> parser::parse_term_instead(const spot& from) {
  auto failed = here();
  auto illegal_told = illegal_told_;
  auto begin = wrong_.begin() + static_cast<ptrdiff_t>(from.wrong);
  errors why(begin, wrong_.end());
  back_to(from);
  term t;
  if (reads([&] { t = parse_infix(false); }))
    return t;
  back_to(failed);
  wrong_.resize(from.wrong);
  wrong_.insert(wrong_.end(), why.begin(), why.end());
  illegal_told_ = illegal_told;
  return {};
}

query parser::parse_operand_body(std::string_view word) {
  auto save = here();
  auto begin = now().at;
  bool empty = ahead().text == "}";
  query q;
  if (!reads([&] { q = parse_braced_body(); })) {
    if (!empty && !word.empty() && parse_term_instead(save))
      fail_by_brace(begin, word);
    throw syntax_error();
  }
  if (is_ambiguous_union(q))
    tell_ambiguous_union(begin, q, "");
  q.end = last_end();
  return q;
}

query parser::parse_not_body(const location& begin) {
  auto save = here();
  auto brace = now().at;
  bool empty = ahead().text == "}";
  query q;
  if (!reads([&] { q = parse_braced_body(); })) {
    if (empty)
      throw syntax_error();
    auto t = parse_term_instead(save);
    if (!t)
      throw syntax_error();
    auto value = source(brace);
    tell_with_hint(brace,
                   "`{...}` in an operand position must contain "
                   "expression(s), got: "
                       + std::string(kind_name(led_by_brace(*t).kind)),
                   "write `not (" + value + ")` to negate the value, or `not {"
                       + value + "}` for a body holding it");
    throw syntax_error();
  }
  if (is_ambiguous_union(q)) {
    tell_ambiguous_union(brace, q, "not ");
    throw syntax_error();
  }
  return query_of_one(negation_of(std::move(q), begin), last_end());
}

// Operands in parentheses. Where these hold a term nothing is read, but that
// they cannot hold a body is told.
std::optional<query> parser::parse_logic_group(bool is_operand,
                                               std::string_view prefix) {
  if (!may_be_group())
    return {};
  auto save = here();
  auto open = now().at;
  ++pos_;
  if (at(")")) {
    if (is_operand)
      fail_at(open, "empty parenthesized group");
    back_to(save);
    return {};
  }
  auto first_at = now().at;
  query q;
  if (!reads([&] { q = parse_logic_operand(""); })) {
    back_to(save);
    return {};
  }
  if (parse_group_end(q, first_at, is_operand)) {
    q.end = last_end();
    return q;
  }
  if (q.braces)
    refuse_body_in_group(save, source(first_at), prefix);
  back_to(save);
  return {};
}

// What follows the first operand of a group; false where it shows that there
// is none. Modifiers are of all that the parentheses hold.
bool parser::parse_group_end(query& q, const location& begin, bool is_operand) {
  bool chain = at_logic();
  if (chain)
    q = parse_chain("or", std::move(q), begin);
  if (q.braces)
    return false;
  auto with = now().at;
  auto& e = q.literals[0];
  bool modified = at_word("with");
  if (modified)
    parse_withs(e);
  else if (!chain && !e.negated && !joins_operands(e))
    return false;
  if (modified && !chain && at_logic())
    fail_by_with(with);
  if (!at(")"))
    fail("expected ) to close parenthesized group");
  ++pos_;
  return chain || !modified || is_operand || at_logic();
}

// Braces in parentheses are a value.
void parser::refuse_body_in_group(const spot& open, const std::string& braces,
                                  std::string_view prefix) {
  back_to(open);
  ++pos_;
  bool is_value = reads([&] { parse_operand(); });
  back_to(open);
  if (is_value)
    return;
  tell_with_hint(now().at,
                 "`(...)` in an operand position cannot contain a body",
                 "drop the parens to keep the body: `" + std::string(prefix)
                     + braces + '`');
  throw syntax_error();
}

} // namespace rego
