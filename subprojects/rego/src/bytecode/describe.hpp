// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The binary form, struct by struct, in the order of its bytes; the same text
// writes and reads (see parts.hpp), so that both agree. Whoever changes it, or
// what an instruction means, raises `version`: files are read by the version
// that wrote them alone. Reading checks what it takes to go on; the verifier
// checks the rest.

#include <concepts>
#include <string>
#include <type_traits>

#include "bytecode/parts.hpp"
#include "machine/index.hpp"
#include "machine/query.hpp"

namespace rego::form {

inline constexpr char magic[] = {'R', 'E', 'G', 'O', 'C', 'O', 'D', 'E'};
inline constexpr uint32_t version = 5;
// Another instruction is another version.
static_assert(static_cast<int>(op::trace) == 51);

/// The struct to read into, or the constant one to write.
template <class T, class Of>
concept part_of = std::same_as<std::remove_const_t<T>, Of>;

template <class Form, part_of<insn> T>
void describe(Form& f, T& i) {
  f.one_of(i.code, op::trace);
  f.number(i.x);
  f.number(i.n);
  f.number(i.a);
  bool names_b = i.code == op::builtin_call
                 || (i.code == op::with_function && (i.x & 1) != 0);
  bool names_c = i.code == op::with_function && (i.x & ~1) == 2;
  names_b ? f.builtin(i.b) : f.number(i.b);
  names_c ? f.builtin(i.c) : f.number(i.c);
  f.number(i.target);
  f.number(i.place);
}

template <class Form, part_of<code_position> T>
void describe(Form& f, T& p) {
  f.number(p.file);
  f.number(p.row);
  f.number(p.col);
}

template <class Form, part_of<code_unit> T>
void describe(Form& f, T& u) {
  f.list(u.files, 4, [&](auto& x) { f.text(x); });
  f.list(u.places, 12, [&](auto& x) { describe(f, x); });
  f.list(u.constants, 1, [&](auto& x) { f.value(x); });
  f.list(u.args, 4, [&](auto& x) { f.number(x); });
  f.list(u.code, 24, [&](auto& x) { describe(f, x); });
}

template <class Form, part_of<index_subject> T>
void describe(Form& f, T& s) {
  f.number(s.argument);
  f.list(s.path, 1, [&](auto& x) { f.value(x); });
}

/// A table as its entries: whoever reads it finds places for them.
struct table_entry {
  value key;
  int32_t child = 0;
};

template <class Form, part_of<table_entry> T>
void describe(Form& f, T& e) {
  f.value(e.key);
  f.number(e.child);
}

void describe(form_writer& f, const rule_index::table& t);
void describe(form_reader& f, rule_index::table& t);

template <class Form, part_of<rule_index::part> T>
void describe(Form& f, T& p) {
  f.flag(p.end);
  f.number(p.size);
  describe(f, p.children);
}

template <class Form, part_of<rule_index::node> T>
void describe(Form& f, T& n) {
  f.flag(n.leaf);
  if (n.leaf)
    return f.list(n.clauses, 4, [&](auto& x) { f.number(x); });
  f.number(n.subject);
  f.number(n.any);
  describe(f, n.by_value);
  f.list(n.parts, 9, [&](auto& x) { describe(f, x); });
}

template <class Form, part_of<rule_index> T>
void describe(Form& f, T& x) {
  f.flag(x.assumes_builtins);
  f.list(x.subjects, 8, [&](auto& s) { describe(f, s); });
  f.list(x.nodes, 5, [&](auto& n) { describe(f, n); });
}

void describe(form_writer& f, const std::shared_ptr<const rule_index>& x);
void describe(form_reader& f, std::shared_ptr<const rule_index>& x);

// Of a clause no more is needed than where it begins.
template <class Form, part_of<clause> T>
void describe(Form& f, T& c) {
  f.number(c.entry);
}

template <class Form, part_of<rule_slot> T>
void describe(Form& f, T& s) {
  f.one_of(s.kind, rule_kind::function);
  f.text(s.name);
  f.number(s.node);
  f.number(s.arity);
  f.number(s.registers);
  f.flag(s.early_exit);
  f.flag(s.has_children);
  f.flag(s.has_default);
  if (s.has_default)
    describe(f, s.default_clause);
  f.list(s.clauses, 4, [&](auto& c) { describe(f, c); });
  f.list(s.keyed, 4, [&](auto& c) { describe(f, c); });
  describe(f, s.index);
  describe(f, s.at);
}

// Children follow from their parents.
template <class Form, part_of<tree_node> T>
void describe(Form& f, T& n) {
  f.value(n.key);
  f.number(n.parent);
  f.number(n.slot);
  f.flag(n.document);
}

template <class Form, part_of<program> T>
void describe(Form& f, T& p) {
  f.flag(p.reference);
  describe(f, p.unit);
  f.list(p.slots, 41, [&](auto& s) { describe(f, s); });
  f.list(p.nodes, 10, [&](auto& n) { describe(f, n); });
}

template <class Form, part_of<compiled_query> T>
void describe(Form& f, T& q) {
  f.number(q.registers);
  describe(f, q.unit);
}

} // namespace rego::form
