// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// not, and, or: which operands need parentheses, and where lines break.

#include "builtins/builtin.hpp"
#include "format/writer.hpp"

namespace rego::formatting {

namespace {

bool is_logic(const expr& e) {
  return e.kind == expr_kind::all_of || e.kind == expr_kind::any_of;
}

bool is_union_literal(const expr& e) {
  return e.kind == expr_kind::term && is_union(e.terms[0])
         && e.terms[0].args.size() == 3;
}

// Whether an operand without braces needs parentheses to be read as it is.
bool needs_parentheses(const expr& e, expr_kind parent, bool right) {
  if (!e.withs.empty())
    return true;
  if (e.kind == expr_kind::any_of)
    return parent == expr_kind::all_of || right;
  if (e.kind == expr_kind::all_of)
    return parent == expr_kind::all_of && right;
  return begins_with_brace(e);
}

bool term_begins_with_brace(const term& t) {
  switch (t.kind) {
  case term_kind::set:
    return !t.args.empty();
  case term_kind::object:
  case term_kind::set_compr:
  case term_kind::object_compr:
    return true;
  case term_kind::ref:
    return term_begins_with_brace(t.args[0]);
  case term_kind::call: {
    auto infix = infix_of(t);
    return infix && t.args.size() == static_cast<size_t>(infix->arity) + 1
           && term_begins_with_brace(t.args[1]);
  }
  default:
    return false;
  }
}

// The left side of "=" or ":=", which parentheses cannot hold as a whole.
const term* unified_first(const expr& e) {
  if (!e.withs.empty() || e.kind != expr_kind::term
      || !e.terms[0].is(term_kind::call))
    return nullptr;
  auto& call = e.terms[0];
  auto infix = infix_of(call);
  bool unifies = infix && (infix->name == "eq" || infix->name == "assign");
  return unifies && call.args.size() == 3 ? &call.args[1] : nullptr;
}

} // namespace

// An operand, and the row on which all to the left of its operator ends.
struct writer::operand {
  const query* body = nullptr;
  bool braces = false;
  bool parentheses = false;
  place brace;
};

struct writer::step {
  std::string_view word;
  operand right;
  int left_end_row = 0;

  bool breaks() const {
    auto row = right.braces ? right.brace.row : right.body->literals[0].at.row;
    return row > left_end_row;
  }
};

bool begins_with_brace(const expr& e) {
  if (e.kind != expr_kind::term || e.negated)
    return false;
  auto& t = e.terms[0];
  auto infix = t.is(term_kind::call) ? infix_of(t) : nullptr;
  bool assigned =
      infix && t.args.size() == static_cast<size_t>(infix->arity) + 2;
  return term_begins_with_brace(assigned ? t.args.back() : t);
}

bool writer::is_not(const expr& e) const {
  return e.kind == expr_kind::not_body || (e.negated && style_.not_bodies);
}

bool writer::write_not(const expr& e) {
  bool ok = insert_notes(e.at.row);
  put("not ");
  if (e.kind != expr_kind::not_body) {
    expr plain = e;
    plain.negated = false;
    plain.withs.clear();
    return write_not_operand(plain) && ok;
  }
  auto& body = *e.body;
  if (!body.braces && body.literals.size() == 1)
    return write_not_operand(body.literals[0]) && ok;
  if (is_union_literal(body.literals[0]))
    paren_literal_ = &body.literals[0];
  put("{");
  auto p = places::of(e);
  write_braced(body, p, {'{', '}'}, p);
  put(body.literals.back().at.row == p.row ? " }" : "}");
  return ok;
}

bool writer::write_not_operand(const expr& e) {
  return write_enclosed(e, !e.withs.empty() || is_logic(e) || is_not(e)
                               || begins_with_brace(e));
}

bool writer::write_enclosed(const expr& e, bool parentheses) {
  if (auto* lead = parentheses ? unified_first(e) : nullptr) {
    paren_term_ = lead;
    parentheses = false;
  }
  put(parentheses ? "(" : "");
  bool ok = write_literal(e);
  put(parentheses ? ")" : "");
  return ok;
}

int writer::row_at(uint32_t offset) const {
  auto at = std::lower_bound(line_ends_.begin(), line_ends_.end(), offset);
  return 1 + static_cast<int>(at - line_ends_.begin());
}

writer::operand writer::operand_of(const expr& e, size_t i) const {
  operand o;
  o.body = e.bodies[i].get();
  o.braces = o.body->braces || o.body->literals.size() != 1;
  auto& first = o.body->literals[0];
  if (!o.braces) {
    o.parentheses = needs_parentheses(first, e.kind, i > 0);
    return o;
  }
  // The brace is the last one before the operand's first literal.
  o.brace = places::of(e);
  auto until = first.at.offset - e.at.offset;
  auto at = until && first.at.offset > e.at.offset
                ? o.brace.text.rfind('{', until - 1)
                : std::string_view::npos;
  if (at != std::string_view::npos) {
    auto above = o.brace.text.substr(0, at);
    o.brace.row +=
        static_cast<int>(std::count(above.begin(), above.end(), '\n'));
    o.brace.offset += static_cast<uint32_t>(at);
    o.brace.text.remove_prefix(at);
  }
  return o;
}

// A chain is one list of operands, written with one indentation; a group that
// needs its parentheses is an operand of its own.
writer::operand writer::flatten(const expr& e, std::vector<step>& out) const {
  auto first = operand_of(e, 0);
  auto& literals = first.body->literals;
  bool nested = !first.braces && is_logic(literals[0]) && !first.parentheses;
  int end = first.braces ? closing_row(first.brace, {'{', '}'}) : -1;
  if (end < 0)
    end = places::of(literals.back()).end_row();
  if (nested)
    first = flatten(literals[0], out);
  for (size_t i = 1; i < e.bodies.size(); ++i) {
    out.push_back({e.kind == expr_kind::all_of ? "and" : "or", operand_of(e, i),
                   i == 1 ? end : row_at(e.bodies[i - 1]->end)});
  }
  return first;
}

bool writer::write_logic(const expr& e) {
  std::vector<step> steps;
  auto first = flatten(e, steps);
  write_operand(first);
  bool indented = false;
  for (auto& s : steps) {
    put(" " + std::string(s.word));
    if (s.breaks()) {
      level_ += indented ? 0 : 1;
      indented = true;
      end_line();
      begin_line();
    } else {
      put(" ");
    }
    write_operand(s.right);
  }
  level_ -= indented ? 1 : 0;
  return true;
}

bool writer::write_operand(const operand& o) {
  if (!o.braces)
    return write_enclosed(o.body->literals[0], o.parentheses);
  auto& literals = o.body->literals;
  if (is_union_literal(literals[0]))
    paren_literal_ = &literals[0];
  put("{");
  write_braced(*o.body, o.brace, {'{', '}'}, o.brace);
  put(literals.back().at.row == o.brace.row ? " }" : "}");
  return true;
}

// A union that leads a body in braces would read as a comprehension there.
void writer::mark_leading_union(const expr& e) {
  if (e.negated)
    return;
  if (is_logic(e)) {
    std::vector<step> steps;
    auto first = flatten(e, steps);
    if (!first.braces && !first.parentheses)
      mark_leading_union(first.body->literals[0]);
    return;
  }
  if (is_union_literal(e)) {
    paren_literal_ = &e;
    return;
  }
  if (e.kind != expr_kind::term || !e.terms[0].is(term_kind::call))
    return;
  auto& call = e.terms[0];
  auto infix = infix_of(call);
  if (!infix)
    return;
  auto arity = static_cast<size_t>(infix->arity);
  auto lead = call.args.size() == arity + 1   ? &call.args[1]
              : call.args.size() == arity + 2 ? &call.args.back()
                                              : nullptr;
  if (lead && is_union(*lead))
    paren_term_ = lead;
}

} // namespace rego::formatting
