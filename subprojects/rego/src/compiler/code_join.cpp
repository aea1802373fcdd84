// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Joins: `some x in xs` where a later literal demands x.path == known looks up
// the elements instead of visiting them all; and comprehensions that are
// computed once for the same outer variables.

#include "compiler/code_writer.hpp"
#include "compiler/quiet.hpp"

#include <algorithm>

namespace rego {

namespace {

constexpr size_t demands_max = 4; // that one join asks for

bool scalar_path(const term& ref) {
  return std::all_of(ref.args.begin() + 1, ref.args.end(), is_scalar);
}

// x.a.b == something: the reference and the other side.
bool demands(const term& side, const term& other, const std::string& name) {
  if (side.kind != term_kind::ref || side.args.size() < 2
      || side.args[0].kind != term_kind::var || side.args[0].text != name
      || !scalar_path(side))
    return false;
  var_set vars;
  all_vars(other, vars);
  return !vars.count(name);
}

// `x` and what it runs through, of `some x in xs` or `x := xs[_]`.
bool iteration(const expr& e, const term*& element, term& container) {
  if (e.negated || !e.withs.empty())
    return false;
  if (e.kind == expr_kind::some_in && e.terms.size() == 2) {
    element = &e.terms[0];
    container = e.terms[1];
    return element->kind == term_kind::var;
  }
  if (e.kind != expr_kind::term)
    return false;
  auto& t = e.terms[0];
  if (!(t.is_call("eq") || t.is_call("assign")) || t.args.size() != 3)
    return false;
  auto& ref = t.args[2];
  if (t.args[1].kind != term_kind::var || ref.kind != term_kind::ref
      || ref.args.size() < 3 || ref.args.back().kind != term_kind::var
      || ref.args.back().text[0] != '$')
    return false;
  element = &t.args[1];
  container = ref;
  container.args.pop_back();
  return true;
}

} // namespace

// Known already, and cheap and harmless to compute before its turn.
bool code_writer::simple_known(const term& t) const {
  if (is_scalar(t))
    return true;
  if (t.kind == term_kind::var)
    return bound(t.text) != nullptr;
  return t.kind == term_kind::ref && scalar_path(t)
         && t.args[0].kind == term_kind::var
         && (t.args[0].text == "input" || bound(t.args[0].text));
}

void code_writer::literals(std::span<const expr> list) {
  demand_index demands;
  if (!u_.instrument && !u_.reference)
    demands = demands_of(list);
  for (size_t i = 0; i < list.size(); ++i) {
    if (u_.instrument)
      traced(list[i], static_cast<int>(i), [&] { literal(list[i]); });
    else if (!join(list, i, demands))
      literal(list[i]);
    tell_literal();
  }
}

// Where in a body something is demanded of a variable, by its name: looked for
// once, since a body may have very many iterations.
code_writer::demand_index code_writer::demands_of(std::span<const expr> list) {
  demand_index out;
  for (size_t j = 0; j < list.size(); ++j) {
    auto& e = list[j];
    out.shown.push_back(out.shown.back() + tells_the_user(e));
    out.loud.push_back(out.loud.back() + !is_quiet(e));
    if (e.kind != expr_kind::term || e.negated || !e.withs.empty())
      continue;
    auto& t = e.terms[0];
    if (!(t.is_call("eq") || t.is_call("equal")) || t.args.size() != 3)
      continue;
    for (size_t side : {1u, 2u}) {
      auto& ref = t.args[side];
      if (ref.kind != term_kind::ref || ref.args[0].kind != term_kind::var)
        continue;
      auto& places = out.by_name[ref.args[0].text];
      if (places.empty() || places.back() != j)
        places.push_back(j);
    }
  }
  return out;
}

// Will a join find what has that key, of what a body runs through first?
bool code_writer::joined(std::span<const expr> list, const term& key,
                         const term& known) const {
  if (!simple_known(known))
    return false;
  for (auto& e : list) {
    spend();
    const term* element = nullptr;
    term container;
    if (!iteration(e, element, container)
        || !demands(key, known, element->text))
      continue;
    var_set vars;
    all_vars(container, vars);
    return std::all_of(vars.begin(), vars.end(),
                       [this](auto& v) { return bound(v) != nullptr; });
  }
  return false;
}

bool code_writer::join(std::span<const expr> list, size_t i,
                       const demand_index& demanding) {
  const term* element = nullptr;
  term container;
  if (u_.reference || !iteration(list[i], element, container)
      || bound(element->text) || !evaluable(container))
    return false;
  auto wanted = demands_behind(list, i, element->text, demanding);
  if (wanted.all.empty())
    return false;
  write_join(container, wanted, *element);
  return true;
}

// What is shown of each element is shown of all: nothing behind it is asked
// for before.
code_writer::demands_of_element
code_writer::demands_behind(std::span<const expr> list, size_t i,
                            const std::string& name,
                            const demand_index& demanding) const {
  demands_of_element out;
  auto found = demanding.by_name.find(name);
  if (found == demanding.by_name.end())
    return out;
  auto& places = found->second;
  for (auto at = std::upper_bound(places.begin(), places.end(), i);
       at != places.end() && out.all.size() < demands_max
       && demanding.shown[*at] == demanding.shown[i + 1];
       ++at) {
    spend();
    auto& t = list[*at].terms[0];
    for (size_t side : {1u, 2u}) {
      auto& ref = t.args[side];
      auto& known = t.args[3 - side];
      if (!demands(ref, known, name) || !simple_known(known))
        continue;
      out.all.push_back({&ref, &known});
      out.loud = demanding.loud[*at] > demanding.loud[i + 1];
      break;
    }
  }
  return out;
}

// Where what is demanded is undefined there are no elements, but what stands
// in front of the demand may raise an error for one of them.
void code_writer::write_join(const term& container,
                             const demands_of_element& wanted,
                             const term& element) {
  auto& at = wanted.all[0].ref->at;
  auto from = value_of(container);
  auto r = fresh();
  if (!wanted.loud) {
    write_elements(r, from, wanted.all, at);
  } else {
    auto undefined = new_label(), end = new_label();
    failing_to(undefined, [&] {
      inner_scope scope(*this);
      write_elements(r, from, wanted.all, at);
      jump(end, at);
    });
    place_label(undefined);
    emit({op::move, 0, 0, r, from}, at);
    place_label(end);
  }
  scan(r, nullptr, &element, at);
}

void code_writer::write_elements(int32_t to, int32_t from,
                                 const std::vector<demand>& wanted,
                                 const location& at) {
  std::vector<int32_t> parts;
  for (auto& [ref, known] : wanted) {
    parts.push_back(value_of(*known));
    term path;
    path.kind = term_kind::array;
    path.args.assign(ref->args.begin() + 1, ref->args.end());
    parts.push_back(u_.constant(u_.ground(path)));
  }
  emit_failing(
      {op::join, 0, count_of(parts.size()), to, from, arguments(parts)}, at);
}

// The variables around a comprehension that it depends on; false if too many.
bool code_writer::outer_variables(const term& t,
                                  std::vector<int32_t>& out) const {
  var_set vars;
  all_vars(t, vars);
  for (auto& v : vars)
    if (auto* b = bound(v)) {
      if (std::find(out.begin(), out.end(), *b) == out.end())
        out.push_back(*b);
      if (out.size() > 2)
        return false;
    }
  return out.size() <= 2 && !u_.reference && !u_.instrument;
}

} // namespace rego
