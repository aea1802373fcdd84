// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Bodies, literals, with.

#include "builtins/builtin.hpp"
#include "format/writer.hpp"

namespace rego::formatting {

namespace {

// The last row of a literal without its with modifiers.
int terms_end_row(const expr& e) {
  auto p = places::of(e);
  if (e.withs[0].at.offset > e.at.offset)
    p.text = p.text.substr(0, e.withs[0].at.offset - e.at.offset);
  auto last = p.text.find_last_not_of(" \t\r\n");
  p.text = p.text.substr(0, last == p.text.npos ? 0 : last + 1);
  return p.end_row();
}

// Whether the literals take more than one line: each but the first counts
// from the one before.
bool breaks(const query& q, int row) {
  auto& list = q.literals;
  if (list[0].at.row > row)
    return true;
  for (size_t i = 1; i < list.size(); ++i)
    if (list[i].at.row > list[i - 1].at.row)
      return true;
  return false;
}

// How tightly a call's operator binds; the operators of literals not at all.
int level_of(const term& call) {
  constexpr std::string_view levels[] = {"in", "==!=<>=<=", "|",
                                         "&",  "+-",        "*/%"};
  auto& name = infix_of(call)->infix;
  if (name == "=" || name == ":=")
    return -2;
  for (int i = 0; i < 6; ++i)
    if (levels[i].find(name) != std::string_view::npos)
      return i;
  return 0;
}

} // namespace

bool writer::write_body(const query& q) {
  bool ok = insert_notes(q.literals[0].at.row);
  const expr* before = nullptr;
  for (auto& e : q.literals) {
    if (before && e.at.row > places::of(*before).end_row() + 1)
      blank_line();
    before = &e;
    begin_line();
    write_literal(e);
    end_line();
  }
  return ok;
}

bool writer::write_literal(const expr& e) {
  bool parentheses = paren_literal_ == &e;
  if (parentheses)
    paren_literal_ = nullptr;
  bool ok = insert_notes(e.at.row);
  if (!inline_)
    begin_line();
  if (e.negated && !is_not(e))
    put("not ");
  if (parentheses)
    put("(");
  ok &= is_not(e) ? write_not(e) : write_terms(e);
  if (parentheses)
    put(")");
  return e.withs.empty() ? ok : write_withs(e) && ok;
}

bool writer::write_terms(const expr& e) {
  switch (e.kind) {
  case expr_kind::some:
    return write_some(e);
  case expr_kind::some_in:
    insert_notes(e.at.row);
    put("some ");
    return write_membership(e.terms, 0, false);
  case expr_kind::every:
    return write_every(e);
  case expr_kind::all_of:
  case expr_kind::any_of:
    return write_logic(e);
  default:
    break;
  }
  auto& t = e.terms[0];
  return t.is(term_kind::call) && !t.args.empty() ? write_call_literal(t)
                                                  : write_term(t);
}

// The first stays where it was; those on lines of their own are indented.
bool writer::write_withs(const expr& e) {
  bool ok = true, indented = false;
  auto row = terms_end_row(e);
  for (auto& w : e.withs) {
    bool own_line =
        &w == &e.withs[0] ? w.at.row != row && w.at.row > row : w.at.row > row;
    if (own_line) {
      level_ += indented ? 0 : 1;
      indented = true;
      end_line();
      begin_line();
      row = w.at.row;
    }
    ok &= write_with(w, own_line);
    row = std::max(row, w.at.row);
  }
  level_ -= indented ? 1 : 0;
  return ok;
}

bool writer::write_with(const with_modifier& w, bool own_line) {
  bool ok = insert_notes(w.at.row);
  put(own_line ? "with " : " with ");
  ok &= write_term(w.target);
  put(" as ");
  write_term(w.replacement);
  return ok;
}

bool writer::write_some(const expr& e) {
  bool ok = insert_notes(e.at.row);
  put("some ");
  auto row = e.at.row;
  for (auto& v : e.terms) {
    if (v.at.row > row) {
      end_line();
      begin_line();
      put("\t");
      row = v.at.row;
    } else if (&v != &e.terms[0]) {
      put(" ");
    }
    ok &= write_term(v);
    if (&v != &e.terms.back())
      put(",");
  }
  return ok;
}

bool writer::write_every(const expr& e) {
  bool ok = insert_notes(e.at.row);
  put("every ");
  for (size_t i = 0; i + 1 < e.terms.size(); ++i) {
    put(i ? ", " : "");
    ok &= write_term(e.terms[i]);
  }
  put(" in ");
  ok &= write_term(e.terms.back());
  put(" {");
  auto p = places::of(e);
  write_braced(*e.body, p, {'{', '}'}, p);
  if (e.body->literals.size() == 1 && e.body->literals[0].at.row == e.at.row)
    put(" ");
  put("}");
  return ok;
}

// A body within brackets, on the line of what stands before it or below. The
// bracket is closed by the caller.
bool writer::write_braced(const query& q, const place& around, brackets b,
                          const place& before) {
  bool ok = true;
  if (!breaks(q, before.row)) {
    put(" ");
    for (auto& e : q.literals) {
      ok &= write_literal(e);
      put(&e == &q.literals.back() ? "" : "; ");
    }
    return insert_notes(closing_row(around, b)) && ok;
  }
  end_line();
  {
    indentation deeper(*this);
    ok &= write_body(q);
    ok &= insert_notes(closing_row(around, b));
  }
  begin_line();
  return ok;
}

// A call that is a literal: its operator is written between its operands,
// though not in parentheses.
bool writer::write_call_literal(const term& call) {
  auto infix = infix_of(call);
  if (!infix)
    return write_named_call(call);
  if (infix->infix == "in")
    return write_membership(call.args, 1, false);
  auto arity = static_cast<size_t>(infix->arity);
  auto given = call.args.size() - 1;
  if (given != arity && given != arity + 1) {
    arity_mismatch(call);
    return write_named_call(call);
  }
  bool ok = true;
  if (given == arity + 1) {
    ok &= write_term(call.args[3]);
    put(" = ");
  }
  auto level = level_of(call);
  ok &= write_literal_operand(call.args[1], level);
  put(" " + infix->infix + " ");
  return write_literal_operand(call.args[2], level + 1) && ok;
}

// In parentheses only where its operator would else bind less than `level`.
bool writer::write_literal_operand(const term& t, int level) {
  auto infix = infix_of(t);
  bool apart = infix && infix->infix != "=" && infix->infix != ":="
               && !(infix->infix == "in" && t.args.size() == 4)
               && level_of(t) < level;
  put(apart ? "(" : "");
  bool ok = write_term(t);
  put(apart ? ")" : "");
  return ok;
}

} // namespace rego::formatting
