// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Calls of built-ins and of functions, which are entered like rules.

#include "builtins/builtin.hpp"
#include "partial/evaluation.hpp"
#include "partial/source_text.hpp"

namespace rego::partial {

void evaluation::eval_call(frame& f, const continuation& k) {
  auto& l = (*f.body)[f.index];
  auto* n = node_of(*l.terms[0]);
  if (!n)
    return call_builtin(f, l, k);
  call_function(f, l, *n, k);
}

// The operands as values; nothing where one is not known.
std::optional<std::vector<value>> evaluation::operands(const frame& f,
                                                       const literal& l) {
  std::vector<value> out;
  for (size_t i = 1; i + (captures(l) ? 1 : 0) < l.terms.size(); ++i) {
    auto n = naming_.plug(l.terms[i], f.b);
    if (!n->is(node_kind::constant))
      return {};
    out.push_back(n->constant);
  }
  return out;
}

// A call's result: to where it is captured, or a condition.
void evaluation::give(frame& f, const literal& l, const node_ptr& n,
                      bindings* b, const continuation& k) {
  if (captures(l))
    return unify(f, l.terms.back(), n, f.b, b, k);
  if (!(n->is(node_kind::constant) && n->constant.is_false()))
    k();
}

void evaluation::call_builtin(frame& f, const literal& l,
                              const continuation& k) {
  auto values = operands(f, l);
  if (!values || unknown(l, f.b))
    return save_call(f, l, k);
  auto name = operator_name(*l.terms[0]);
  auto* b = builtin_table::instance().find(name);
  bool relation = b && b->relation && captures(l);
  if (name == "trace" && values->size() == 1 && (*values)[0].is_string())
    steps_.tell_note((*values)[0].as_string());
  auto answer = f.in->special
                    ? known_.document(call_text(name, *values), f.in->text)
                    : known_.call(name, *values, relation);
  if (!answer) {
    // An error of the function's: it has no result, and is met again.
    return save_call(f, l, k);
  }
  if (!answer->defined())
    return;
  if (!relation || f.in->special)
    return give(f, l, constant_node(*answer), f.b, k);
  auto list = *answer;
  for (auto& x : list.items())
    give(f, l, constant_node(x), f.b, k);
}

std::string evaluation::call_text(const std::string& name,
                                  const std::vector<value>& operands) {
  std::string out = name + "(";
  for (size_t i = 0; i < operands.size(); ++i)
    out += (i ? ", " : "") + source_text(term_of(operands[i]));
  return out + ")";
}

void evaluation::call_function(frame& f, const literal& l,
                               const rule_tree_node& n, const continuation& k) {
  auto name = operator_name(*l.terms[0]);
  auto values = operands(f, l);
  if (values && !unknown(l, f.b)) {
    auto answer = known_.document(call_text(name, *values), f.in->text);
    if (!answer)
      return save_call(f, l, k);
    if (answer->defined())
      give(f, l, constant_node(*answer), f.b, k);
    return;
  }
  auto& d = document_of(n);
  auto t = shape(*l.terms[0], l.terms[0]->parts.size(), nullptr);
  if (d.opaque || depends_.unknown(t) || f.in->special)
    return save_call(f, l, k);
  // Where the default's value may be of interest it needs a rule.
  bool wanted =
      d.otherwise
      && (captures(l) || !d.otherwise->flat.value->is(node_kind::constant)
          || !d.otherwise->flat.value->constant.is_false());
  if (wanted || kept_apart(l.terms[0]->parts, l.terms[0]->parts.size(), true))
    return call_support(f, l, n, d, k);
  steps_.tell_lookup(name, d.clauses.size());
  for (auto& c : d.clauses)
    call_clause(f, l, c, k);
}

void evaluation::call_clause(frame& f, const literal& l, const clause& c,
                             const continuation& k) {
  bindings own(next_id_++);
  auto inner = within(f, c, own);
  nodes given(l.terms.begin() + 1, l.terms.end());
  if (captures(l))
    given.pop_back();
  unify_lists(f, given, c.flat.args, 0, f.b, &own, [&] {
    enter(inner, [&] {
      if (!captures(l) && open(c.flat.value, &own)) {
        literal out;
        out.terms.push_back(c.flat.value);
        return save(f, std::move(out), &own, &own, k);
      }
      if (captures(l))
        return give(f, l, c.flat.value, &own, k);
      give(f, l, naming_.plug(c.flat.value, &own), &own, k);
    });
  });
}

void evaluation::call_support(frame& f, const literal& l,
                              const rule_tree_node& n, const document& d,
                              const continuation& k) {
  auto& path = l.terms[0]->parts;
  auto made = support_of(f, n, d, path);
  if (made == made_support::elsewhere)
    return save_call(f, l, k);
  if (made == made_support::none)
    return;
  auto call = l;
  call.captured = captures(l);
  call.terms[0] =
      make_node(memory_, node_kind::ref, partial_path(memory_, path));
  save_call(f, call, k);
}

} // namespace rego::partial
