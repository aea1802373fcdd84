// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Rules: heads in all their forms, bodies, else.

#include <algorithm>
#include <set>
#include <utility>

#include "core/outside_memory.hpp"
#include "parser/parser.hpp"

namespace rego {

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

namespace {

bool is_ground_term(const term& t) {
  if (t.kind == term_kind::var)
    return is_root(t);
  auto first = t.args.begin() + (t.kind == term_kind::ref);
  return !t.body && std::all_of(first, t.args.end(), is_ground_term);
}

bool has_variable_key(const term& ref) {
  return ref.kind == term_kind::ref && !is_ground_term(ref);
}

} // namespace

// Whether a rule's name stands here, or `n` tokens ahead.
bool parser::names_rule(size_t n) const {
  auto& t = ahead(n);
  auto& next = ahead(n + 1);
  bool in_ref = kw_in_refs_ && next.type == tok::symbol && !next.space_before
                && (next.text == "." || next.text == "[");
  return t.type == tok::identifier && (in_ref || !is_keyword(t.text));
}

// What stands behind a head's name may stand apart from it; what stands behind
// that may not.
term parser::parse_head_ref() {
  term head;
  head.kind = term_kind::var;
  head.text = now().text;
  head.at = now().at;
  ++pos_;
  head.where = since(head.at.offset);
  if (now().type == tok::symbol && !now().space_before
      && symbol_name(now().text) != now().text && !at("=") && !at(":="))
    unexpected("");
  return or_expected("expected rule head name", [&] {
    while ((at(".") || at("["))
           && (head.is(term_kind::var) || !now().space_before))
      head = parse_bracket_tail(std::move(head));
    return head;
  });
}

void parser::parse_head_args(rule_head& h) {
  if (!at("(") || (!h.ref.is(term_kind::var) && now().space_before))
    return;
  ++pos_;
  while (!at(")")) {
    h.args.push_back(parse_infix(true));
    if (!take(",") && !at(")"))
      unexpected("expected \",\" or \")\"");
  }
  expect(")");
  h.is_function = true;
}

rule_head parser::parse_head(bool is_default) {
  rule_head h;
  h.at = now().at;
  h.ref = parse_head_ref();
  h.value = true_term(h.at);
  or_expected("expected rule head name", [&] { parse_head_args(h); });
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
      tell_misplaced("the contains keyword can only be used with multi-value "
                     "rule definitions (e.g., "
                     + name + " contains <VALUE> { ... })");
    ++pos_;
    h.is_set = true;
    if (!reads([&] { h.key = parse_infix(false); }))
      tell_misplaced("expected rule key term (e.g., " + name
                     + " contains <VALUE> { ... })");
    return;
  }
  if (!at(":=") && !at("="))
    return;
  h.assigned = at(":=");
  ++pos_;
  h.has_value = reads([&] { h.value = parse_infix(false); });
  if (h.has_value)
    return;
  bool function = !h.args.empty();
  auto form = !h.assigned  ? name + "[<nil>] = <VALUE> { ... })"
              : function   ? name + "(...) := <VALUE> { ... })"
              : is_default ? "default " + name + " := <VALUE>)"
                           : name + " := <VALUE> { ... })";
  auto what = h.assigned && function     ? "function value term"
              : h.assigned && is_default ? "default rule value term"
                                         : "rule value term";
  tell_misplaced(std::string("expected ") + what + " (e.g., " + form);
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

// A literal where one can be read, unless it is a set in braces: no set is ever
// false. Otherwise a body in braces, which is all that `else` takes them for.
void parser::parse_if_body(query& into, bool is_else) {
  if (is_else && at_end())
    unexpected("rule body expected");
  if (at("{")) {
    if (is_else || stands_alone() || !parse_literal_in_braces(into))
      into = parse_braced_body();
    return;
  }
  into.literals.push_back(parse_literal());
}

// Whether what the braces here enclose is a set at most, and all of its
// literal. So nearly all bodies are known without being read twice.
bool parser::stands_alone() const {
  int depth = 0;
  auto i = pos_;
  do {
    auto& t = tokens_[i++];
    if (t.type == tok::end
        || (depth == 1 && (t.is_symbol(":") || t.is_symbol("|"))))
      return false;
    depth += t.nesting();
  } while (depth > 0);
  auto& next = tokens_[i];
  bool goes_on = next.text == "in" || next.text == "with" || next.text == "and"
                 || next.text == "or";
  return i > pos_ + 2
         && (next.type == tok::end
             || (next.type == tok::identifier && next.newline_before
                 && !goes_on));
}

bool parser::parse_literal_in_braces(query& into) {
  auto save = here();
  expr e;
  if (reads([&] { e = parse_literal(); })
      && (e.kind != expr_kind::term || !e.terms[0].is(term_kind::set))) {
    into.literals.push_back(std::move(e));
    return true;
  }
  back_to(save);
  return false;
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
  auto& h = r.head;
  bool keyed = h.ref.is(term_kind::ref) && h.ref.args.size() == 2;
  if (!h.has_value && (h.is_set || (keyed && !h.is_function)))
    fail_at(r.at, "illegal default rule (must have a value)");
  auto before = wrong_.size();
  check_default_value(r, r.head.value);
  if (wrong_.size() == before)
    check_default_args(r);
  if (wrong_.size() != before)
    throw syntax_error();
  r.body = true_body(r.at);
  r.no_body = true;
  r.text = source(r.at);
  m.rules.push_back(std::move(r));
}

// The arguments of a default rule are variables, each of its own name.
void parser::check_default_args(const rule& r) {
  std::set<std::string_view> names;
  for (auto& a : r.head.args) {
    auto kind = is_root(a) ? term_kind::ref : a.kind;
    if (kind != term_kind::var)
      tell(r.at, "illegal default rule (arguments cannot contain "
                     + std::string(kind_name(kind)) + ")");
    else if (!names.insert(a.text).second)
      tell(r.at, "illegal default rule (arguments cannot be repeated " + a.text
                     + ")");
  }
}

// What the value of a default rule cannot be or, outside closures, contain.
void parser::check_default_value(const rule& r, const term& t) {
  if (t.body)
    return;
  if (t.kind != term_kind::var && t.kind != term_kind::ref
      && t.kind != term_kind::call) {
    for (auto& a : t.args)
      check_default_value(r, a);
    return;
  }
  auto kind = is_root(t) ? term_kind::ref : t.kind;
  tell(r.at, "illegal default rule (value cannot contain "
                 + std::string(kind_name(kind)) + ")");
}

namespace {

// What a copy takes; closures are shared.
size_t copied_bytes(const term& t) {
  auto out = sizeof(term) + t.text.size();
  for (auto& a : t.args)
    out += copied_bytes(a);
  return out;
}

} // namespace

// Further bodies and branches of a rule have its head each, however long.
rule_head parser::copy_head(const rule_head& h) {
  auto bytes = sizeof(rule) + copied_bytes(h.ref) + copied_bytes(h.key)
               + copied_bytes(h.value);
  for (auto& a : h.args)
    bytes += copied_bytes(a);
  spend(bytes / sizeof(term));
  take_memory(bytes);
  return h;
}

void parser::parse_rule(module& m) {
  take_memory(2 * (sizeof(rule) + sizeof(expr)));
  if (starts_with_word("default") && names_rule(1))
    return parse_default_rule(m);
  if (starts_with_word("default") && ahead().type == tok::illegal) {
    ++pos_;
    tell_illegal();
    if (!wrong_.empty())
      throw syntax_error();
    --pos_;
  }
  if (!names_rule(0))
    return parse_statement(m);
  rule r;
  r.at = now().at;
  auto start = pos_;
  auto wildcards = wildcards_;
  r.head = parse_head();
  bool contains = r.head.is_set;
  bool has_body = parse_rule_body(r.body, r.uses_if, false);
  classify_head(r.head, r.uses_if);
  if (!has_body) {
    r.no_body = true;
    r.body = true_body(r.at);
    r.text = source(r.at);
    if (!contains) {
      auto behind = std::exchange(pos_, start);
      wildcards_ = wildcards;
      return parse_statement(m, &r, behind);
    }
    m.rules.push_back(std::move(r));
    return;
  }
  if (starts_with_word("else")) {
    if (has_variable_key(r.head.ref))
      fail("else keyword cannot be used on rules with variables in head");
    bool keyed = !r.uses_if && !r.head.is_function
                 && r.head.ref.kind == term_kind::ref
                 && r.head.ref.args.size() == 2;
    if (r.head.is_set || keyed)
      fail("else keyword cannot be used on multi-value rules");
    r.otherwise = parse_elses(r);
  }
  r.text = source(r.at);
  auto head = r.head; // what is next may move the rule
  bool uses_if = r.uses_if;
  m.rules.push_back(std::move(r));
  // Further bodies may follow: each is a rule of the same head.
  while (at("{")) {
    if (m.rules.back().otherwise)
      fail("expected else keyword");
    rule next;
    next.at = now().at;
    next.head = copy_head(head);
    next.uses_if = uses_if;
    next.chained = true;
    next.body = parse_braced_body();
    next.text = source(next.at);
    m.rules.push_back(std::move(next));
  }
}

// The text of each goes to the end of the last.
std::shared_ptr<rule> parser::parse_elses(const rule& first) {
  std::vector<std::shared_ptr<rule>> all;
  for (auto* before = &first; starts_with_word("else") && !before->no_body;
       before = all.back().get()) {
    if (all.size() == elses_max)
      give_up("rule has too many else branches");
    all.push_back(parse_else(*before));
  }
  for (size_t i = 0; i < all.size(); ++i) {
    all[i]->text = source(all[i]->at);
    if (i + 1 < all.size())
      all[i]->otherwise = all[i + 1];
  }
  return all[0];
}

std::shared_ptr<rule> parser::parse_else(const rule& before) {
  deeper d(*this);
  auto r = std::make_shared<rule>();
  r->at = now().at;
  ++pos_;
  r->head = copy_head(before.head);
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
  return r;
}

} // namespace rego
