// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Rules: heads in all their forms, bodies, else.

#include <algorithm>
#include <set>

#include "parser/parser.hpp"

namespace rego {

namespace {

term true_term(const location& at) {
  term t;
  t.kind = term_kind::boolean;
  t.truth = true;
  t.at = at;
  return t;
}

query true_body(const location& at) {
  expr e;
  e.at = at;
  e.text = "true";
  e.terms.push_back(true_term(at));
  query q;
  q.literals.push_back(std::move(e));
  return q;
}

bool is_ground_term(const term& t) {
  if (t.kind == term_kind::var)
    return is_root(t);
  auto first = t.args.begin() + (t.kind == term_kind::ref);
  return !t.body && std::all_of(first, t.args.end(), is_ground_term);
}

bool has_variable_key(const term& ref) {
  return ref.kind == term_kind::ref && !is_ground_term(ref);
}

// What a statement would give a value; a call where it says too little.
term_kind named_kind(const term& t) {
  if (!t.is_call("eq") && !t.is_call("assign"))
    return t.kind;
  auto kind = t.args[1].kind;
  return kind == term_kind::ref ? term_kind::call : kind;
}

} // namespace

term parser::parse_head_ref() {
  if (now().type != tok::identifier
      || (is_keyword(now().text) && !before_ref()))
    unexpected("");
  term head;
  head.kind = term_kind::var;
  head.text = now().text;
  head.at = now().at;
  ++pos_;
  head.where = since(head.at.offset);
  for (;;) {
    if (at("(") && !now().space_before)
      return head;
    if ((at(".") || at("[")) && !now().space_before)
      head = parse_bracket_tail(std::move(head));
    else
      return head;
  }
}

rule_head parser::parse_head(bool is_default) {
  rule_head h;
  h.at = now().at;
  h.ref = parse_head_ref();
  h.value = true_term(h.at);
  if (at("(")) {
    h.is_function = true;
    ++pos_;
    while (!at(")")) {
      h.args.push_back(parse_infix(true));
      if (!take(",") && !at(")"))
        unexpected("expected \",\" or \")\"");
    }
    expect(")");
  }
  parse_head_key_or_value(h, is_default);
  // Without arguments it is a document.
  h.is_function = !h.args.empty();
  h.where = since(h.at.offset);
  return h;
}

void parser::parse_head_key_or_value(rule_head& h, bool is_default) {
  auto name = term_text(h.ref);
  if (kw_contains_ && at_word("contains")) {
    if (h.is_function)
      unexpected("the contains keyword can only be used with multi-value rule "
                 "definitions (e.g., "
                 + name + " contains <VALUE> { ... })");
    ++pos_;
    h.is_set = true;
    h.key = or_expected("expected rule key term (e.g., " + name
                            + " contains <VALUE> { ... })",
                        [&] { return parse_infix(false); });
    return;
  }
  if (!at(":=") && !at("="))
    return;
  h.assigned = at(":=");
  ++pos_;
  h.has_value = true;
  bool function = !h.args.empty();
  auto form = !h.assigned  ? name + "[<nil>] = <VALUE> { ... })"
              : function   ? name + "(...) := <VALUE> { ... })"
              : is_default ? "default " + name + " := <VALUE>)"
                           : name + " := <VALUE> { ... })";
  auto what = h.assigned && function     ? "function value term"
              : h.assigned && is_default ? "default rule value term"
                                         : "rule value term";
  h.value = or_expected(std::string("expected ") + what + " (e.g., " + form,
                        [&] { return parse_infix(false); });
}

// Settles what `p[x]` means: a set's member where v0 says so.
void parser::classify_head(rule_head& h, bool uses_if) {
  if (h.is_set || h.is_function || uses_if || h.has_value || v1_)
    return;
  if (h.ref.kind == term_kind::ref && h.ref.args.size() == 2) {
    h.is_set = true;
    h.key = h.ref.args[1];
    term name = h.ref.args[0];
    h.ref = std::move(name);
  }
}

// Whether braces behind `if` hold a term that a body could be mistaken for: an
// object or a comprehension. The first sign behind the first term says so.
bool parser::braces_hold_term() const {
  auto t = pos_ + 1;
  auto is = [&](size_t i, std::string_view symbols) {
    return tokens_[i].type == tok::symbol
           && symbols.find(tokens_[i].text) != symbols.npos;
  };
  if (is(t, "}"))
    return true;
  bool term = false; // one has been read
  for (int depth = 0; tokens_[t].type != tok::end; ++t) {
    bool opens = is(t, "([{"), closes = is(t, ")]}");
    if (depth == 0 && (!opens || (term && tokens_[t].space_before))) {
      if (tokens_[t].type != tok::symbol) {
        if (term && !(tokens_[t - 1].text == "." && !tokens_[t].space_before))
          return false;
      } else if (term && !is(t, ".")) {
        return is(t, "|:");
      } else if (!term) {
        return false;
      }
    }
    depth += opens ? 1 : closes ? -1 : 0;
    term = true;
  }
  return false;
}

// Whether the braces just read are the first part of a longer literal.
bool parser::continues_term() const {
  if (at_word("in") || (kw_and_ && at_word("and")) || (kw_or_ && at_word("or")))
    return true;
  if (now().type != tok::symbol)
    return false;
  return now().text.find_first_of("=!<>+-*/%|&") == 0
         || (!now().space_before && (at(".") || at("[")));
}

// A body in braces, unless what the braces hold is a set or an object.
void parser::parse_if_body(query& into, bool is_else) {
  auto save = pos_;
  if (!at("{") || (!is_else && braces_hold_term())) {
    try {
      into.literals.push_back(parse_literal());
      return;
    } catch (const syntax_error&) {
      if (tokens_[save].text != "{")
        throw;
      into.literals.clear();
      pos_ = save;
    }
  }
  try {
    into = parse_braced_body();
    if (is_else || !continues_term())
      return;
  } catch (const syntax_error&) {
    if (is_else)
      throw;
  }
  pos_ = save;
  try {
    query q;
    q.literals.push_back(parse_literal());
    into = std::move(q);
  } catch (const syntax_error&) {
    pos_ = save;
    into = parse_braced_body();
  }
}

bool parser::parse_rule_body(query& into, bool& uses_if, bool is_else) {
  uses_if = false;
  if (kw_if_ && at_word("if")) {
    ++pos_;
    uses_if = true;
    parse_if_body(into, is_else);
    return true;
  }
  if (at("{")) {
    into = parse_braced_body();
    return true;
  }
  return false;
}

void parser::parse_default_rule(module& m) {
  rule r;
  r.at = now().at;
  ++pos_;
  r.is_default = true;
  r.head = parse_head(true);
  if (!r.head.has_value)
    fail_at(r.at, "illegal default rule (must have a value)");
  errors wrong;
  check_default_value(r, r.head.value, wrong);
  if (!wrong.empty())
    throw syntax_error{std::move(wrong)};
  check_default_args(r);
  r.body = true_body(r.at);
  r.no_body = true;
  r.text = source(r.at);
  m.rules.push_back(std::move(r));
}

// The arguments of a default rule are variables, each of its own name.
void parser::check_default_args(const rule& r) {
  errors wrong;
  std::set<std::string_view> names;
  for (auto& a : r.head.args) {
    auto kind = is_root(a) ? term_kind::ref : a.kind;
    if (kind != term_kind::var)
      wrong.push_back(
          problem_at(r.at, "illegal default rule (arguments cannot contain "
                               + std::string(kind_name(kind)) + ")"));
    else if (!names.insert(a.text).second)
      wrong.push_back(
          problem_at(r.at, "illegal default rule (arguments cannot be repeated "
                               + a.text + ")"));
  }
  if (!wrong.empty())
    throw syntax_error{std::move(wrong)};
}

// What the value of a default rule cannot be or, outside closures, contain.
void parser::check_default_value(const rule& r, const term& t,
                                 errors& wrong) const {
  if (t.body)
    return;
  if (t.kind != term_kind::var && t.kind != term_kind::ref
      && t.kind != term_kind::call) {
    for (auto& a : t.args)
      check_default_value(r, a, wrong);
    return;
  }
  auto kind = is_root(t) ? term_kind::ref : t.kind;
  wrong.push_back(problem_at(r.at, "illegal default rule (value cannot contain "
                                       + std::string(kind_name(kind)) + ")"));
}

// A literal where a rule should be, and why it is none.
void parser::parse_statement() {
  auto e = parse_literal();
  auto kind = e.terms.empty() ? term_kind::null : e.terms[0].kind;
  if (!e.withs.empty())
    object_to(e.at, "expressions using with keyword cannot be used for rule "
                    "head");
  else if (e.negated)
    object_to(e.at, "negated expressions cannot be used for rule head");
  else if (e.kind == expr_kind::some || e.kind == expr_kind::some_in)
    object_to(e.at, "'some' declarations cannot be used for rule head");
  else if (e.kind != expr_kind::term)
    object_to(e.at, "expression cannot be used for rule head");
  else if (kind = named_kind(e.terms[0]); kind != term_kind::call)
    object_to(e.at,
              std::string(kind_name(kind)) + " cannot be used for rule name");
  else
    object_to(e.at, "rule name conflicts with built-in function");
}

// Semicolons join literals, also where the first could be a rule.
void parser::parse_statements_behind(const rule& first) {
  while (take(";"))
    parse_literal();
  object_to(first.at, "multiple expressions cannot be used for rule head");
}

void parser::parse_rule(module& m) {
  if (at_word("default") && ahead().type == tok::identifier)
    return parse_default_rule(m);
  if (now().type != tok::identifier
      || (is_keyword(now().text) && !before_ref()))
    return parse_statement();
  hint_.clear();
  rule r;
  r.at = now().at;
  auto start = pos_;
  r.head = parse_head();
  bool has_body = parse_rule_body(r.body, r.uses_if, false);
  classify_head(r.head, r.uses_if);
  if (!has_body) {
    if (at_word("with") && !r.head.is_set) {
      pos_ = start;
      return parse_statement();
    }
    if (starts_with_word("else"))
      unexpected("");
    if (at(";") && !r.head.is_set)
      return parse_statements_behind(r);
    r.no_body = true;
    r.body = true_body(r.at);
    bool bare = !r.head.has_value && !r.head.is_set;
    if (bare && !now().newline_before && now().type == tok::symbol
        && symbol_name(now().text) != now().text) {
      pos_ = start;
      return parse_statement();
    }
    bool called = tokens_[pos_ - 1].text == ")";
    if (bare && called && !r.head.is_function)
      return object_to(r.at, "rule argument list must take at least one "
                             "argument");
    // A name alone: one of dots is true.
    if (bare && !r.head.is_function && r.head.ref.kind != term_kind::ref)
      return object_to(r.at, "var cannot be used for rule name");
  }
  if (starts_with_word("else")) {
    if (has_variable_key(r.head.ref))
      fail("else keyword cannot be used on rules with variables in head");
    bool keyed = !r.uses_if && !r.head.is_function
                 && r.head.ref.kind == term_kind::ref
                 && r.head.ref.args.size() == 2;
    if (r.head.is_set || keyed)
      fail("else keyword cannot be used on multi-value rules");
    r.otherwise = parse_else(r);
  }
  r.text = source(r.at);
  auto head = r.head;
  bool uses_if = r.uses_if;
  m.rules.push_back(std::move(r));
  // Further bodies may follow: each is a rule of the same head.
  while (at("{") && has_body) {
    if (m.rules.back().otherwise)
      fail("expected else keyword");
    rule next;
    next.at = now().at;
    next.head = head;
    next.uses_if = uses_if;
    next.chained = true;
    next.body = parse_braced_body();
    next.text = source(next.at);
    m.rules.push_back(std::move(next));
  }
}

std::shared_ptr<rule> parser::parse_else(const rule& before) {
  deeper d(*this);
  auto r = std::make_shared<rule>();
  r->at = now().at;
  ++pos_;
  r->head = before.head;
  r->head.at = r->at;
  r->head.has_value = false;
  r->head.value = true_term(r->at);
  if (at(":=") || at("=")) {
    r->head.assigned = at(":=");
    ++pos_;
    r->head.has_value = true;
    r->head.value = parse_infix(false);
  }
  r->head.where = since(r->at.offset);
  if (!parse_rule_body(r->body, r->uses_if, true)) {
    if (!r->head.has_value)
      unexpected("expected else value term or rule body");
    r->no_body = true;
    r->body = true_body(r->at);
  }
  if (starts_with_word("else"))
    r->otherwise = parse_else(*r);
  r->text = source(r->at);
  return r;
}

} // namespace rego
