// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Terms: values and patterns.

#include "compiler/code_writer.hpp"

#include <algorithm>
#include <cassert>

namespace rego {

namespace {

struct operator_info {
  std::string_view name;
  op code;
  uint8_t x;
};

constexpr uint8_t cmp(comparison c) {
  return static_cast<uint8_t>(c);
}
constexpr uint8_t ari(arithmetic a) {
  return static_cast<uint8_t>(a);
}

constexpr operator_info operators[] = {
    {"equal", op::compare, cmp(comparison::eq)},
    {"eq", op::compare, cmp(comparison::eq)},
    {"neq", op::compare, cmp(comparison::ne)},
    {"lt", op::compare, cmp(comparison::lt)},
    {"lte", op::compare, cmp(comparison::le)},
    {"gt", op::compare, cmp(comparison::gt)},
    {"gte", op::compare, cmp(comparison::ge)},
    {"plus", op::arith, ari(arithmetic::plus)},
    {"minus", op::arith, ari(arithmetic::minus)},
    {"mul", op::arith, ari(arithmetic::mul)},
    {"div", op::arith, ari(arithmetic::div)},
    {"rem", op::arith, ari(arithmetic::rem)},
    {"and", op::arith, ari(arithmetic::and_)},
    {"or", op::arith, ari(arithmetic::or_)}};

} // namespace

// Can its value be computed here, iteration in references aside? Of variables
// `more` will be known.
bool code_writer::evaluable(const term& t, const var_set* more) const {
  spend(2);
  switch (t.kind) {
  case term_kind::var:
    return is_root(t.text) || bound(t.text) || (more && more->count(t.text));
  case term_kind::ref:
    return evaluable(t.args[0], more);
  case term_kind::array_compr:
  case term_kind::set_compr:
  case term_kind::object_compr:
  case term_kind::template_string:
    return true;
  default:
    return std::all_of(t.args.begin() + (t.kind == term_kind::call ? 1 : 0),
                       t.args.end(),
                       [&](const term& a) { return evaluable(a, more); });
  }
}

int32_t code_writer::value_of(const term& t) {
  return watched_ && watching(t) ? watched_value(t) : plain_value(t);
}

int32_t code_writer::plain_value(const term& t) {
  spend(4);
  switch (t.kind) {
  case term_kind::var:
    if (!given_.empty())
      given_.erase(t.text);
    if (auto* b = bound(t.text))
      return *b;
    if (is_root(t.text)) {
      term r;
      r.kind = term_kind::ref;
      r.at = t.at;
      r.args.push_back(t);
      return reference(r);
    }
    // Safety lets nothing through that comes here.
    u_.report("rego_compile_error",
              "internal error: the variable " + written_name(t.text)
                  + " has no value yet",
              t.at);
    return fresh();
  case term_kind::ref:
    return reference(t);
  case term_kind::array:
  case term_kind::set:
  case term_kind::object:
    return collection(t);
  case term_kind::call:
    return call(t);
  case term_kind::array_compr:
  case term_kind::set_compr:
  case term_kind::object_compr:
    return comprehension(t);
  case term_kind::template_string:
    return template_text(t);
  default:
    return u_.constant(u_.ground(t));
  }
}

int32_t code_writer::collection(const term& t) {
  auto constant = u_.ground(t);
  if (constant.defined())
    return u_.constant(constant);
  std::vector<int32_t> parts;
  for (auto& a : t.args)
    parts.push_back(value_of(a));
  auto code = t.kind == term_kind::array ? op::array
              : t.kind == term_kind::set ? op::set
                                         : op::object;
  auto r = fresh();
  emit_failing({code, 0, count_of(parts.size()), r, arguments(parts)}, t.at);
  return r;
}

int32_t code_writer::comprehension(const term& t) {
  auto r = fresh();
  auto out = fresh();
  std::vector<int32_t> outer;
  bool recall = outer_variables(t, outer);
  auto n = count_of(outer.size());
  // The list's place in the unit tells this comprehension from others.
  outer.push_back(0);
  auto key = recall ? arguments(outer) : 0;
  auto known = new_label();
  if (recall)
    aim(emit({op::recall, 0, n, out, 0, key}, t.at), known);
  emit({op::build, 0, 0, r}, t.at);
  comprehension_body(t, [&] {
    auto first = value_of(t.args[0]);
    if (t.kind == term_kind::object_compr)
      emit({op::build_put, 0, 0, r, first, value_of(t.args[1])}, t.at);
    else
      emit({op::build_add, 0, 0, r, first}, t.at);
  });
  auto code = t.kind == term_kind::array_compr ? op::build_array
              : t.kind == term_kind::set_compr ? op::build_set
                                               : op::build_object;
  emit({code, 0, 0, out, r}, t.at);
  if (recall)
    emit({op::remember, 0, n, out, 0, key}, t.at);
  place_label(known);
  return out;
}

// {x | x := part}: undefined and multiple values stay visible.
int32_t code_writer::part_set(const term& t) {
  if (t.kind == term_kind::set_compr && t.infix)
    return value_of(t);
  auto r = fresh();
  emit({op::build, 0, 0, r}, t.at);
  auto end = new_label();
  failing_to(end, [&] {
    inner_scope scope(*this);
    emit({op::build_add, 0, 0, r, value_of(t)}, t.at);
    jump(fail_, t.at);
  });
  place_label(end);
  auto out = fresh();
  emit({op::build_set, 0, 0, out, r}, t.at);
  return out;
}

int32_t code_writer::template_text(const term& t) {
  std::vector<int32_t> parts;
  for (auto& a : t.args)
    parts.push_back(a.kind == term_kind::string && !a.paren ? u_.string(a.text)
                                                            : part_set(a));
  auto r = fresh();
  emit_failing({op::text, 0, count_of(parts.size()), r, arguments(parts)},
               t.at);
  return r;
}

int32_t code_writer::call(const term& t) {
  auto& callee = t.args[0];
  auto name = ref_text(callee);
  std::vector<int32_t> parts;
  for (size_t i = 1; i < t.args.size(); ++i)
    parts.push_back(value_of(t.args[i]));
  auto r = fresh();
  auto n = count_of(parts.size());
  // The type check has seen to it.
  assert(u_.arity(callee) < 0
         || static_cast<size_t>(u_.arity(callee)) == parts.size());
  if (auto* f = function_node(callee)) {
    traced_lookup(f->slot, parts, t);
    emit_failing({op::call, 0, n, r, f->slot, arguments(parts)}, t.at);
    return r;
  }
  for (auto& o : operators)
    if (name == o.name && n == 2) {
      emit_failing({o.code, o.x, 0, r, parts[0], parts[1]}, t.at);
      return r;
    }
  return builtin(t, name, parts, r);
}

int32_t code_writer::builtin(const term& t, const std::string& name,
                             const std::vector<int32_t>& parts, int32_t r) {
  auto& table = builtin_table::instance();
  auto* b = table.find(name);
  if (name == "rego.metadata.chain" && u_.metadata_chain.defined())
    return u_.constant(u_.metadata_chain);
  if (name == "rego.metadata.rule" && u_.metadata_rule.defined())
    return u_.constant(u_.metadata_rule);
  if (!b || !b->call) {
    u_.report("rego_type_error", "undefined function " + name, t.at);
    return r;
  }
  if (name == "trace" && parts.size() == 1)
    traced_note(parts[0], t.at);
  emit_failing({op::builtin_call, 0, count_of(parts.size()), r,
                table.index_of(name), arguments(parts)},
               t.at);
  if (!b->relation)
    return r;
  return open_scan(r, t.at).element;
}

const rule_tree_node* code_writer::tree_node(const term& ref) const {
  if (ref.kind != term_kind::ref || ref.args[0].text != "data")
    return nullptr;
  const auto* n = &u_.tree.root();
  for (size_t i = 1; n && i < ref.args.size(); ++i)
    n = is_scalar(ref.args[i]) ? rule_tree::child(*n, ref.args[i]) : nullptr;
  return n;
}

const rule_tree_node* code_writer::function_node(const term& callee) const {
  auto* n = tree_node(callee);
  bool function = n && !n->rules.empty() && n->rules[0].r->head.is_function;
  return function ? n : nullptr;
}

void code_writer::equal_test(int32_t a, int32_t b, const location& at) {
  if (a != b)
    emit_failing({op::equal, 0, 0, 0, a, b}, at);
}

void code_writer::match(const term& p, int32_t with) {
  if (p.kind == term_kind::var && !bound(p.text) && !is_root(p.text)) {
    bind(p.text, with);
    return;
  }
  if (p.kind == term_kind::array && !evaluable(p))
    return match_array(p, with);
  if (p.kind == term_kind::object && !evaluable(p))
    return match_object(p, with);
  if (p.kind == term_kind::set && !evaluable(p))
    return match_nothing(p, with);
  equal_test(with, value_of(p), p.at);
}

void code_writer::match_given(const term& pattern, int32_t with) {
  match(pattern, with);
  vars_in(pattern, given_);
}

// A set with a variable that has no value yet equals nothing, as in OPA. What
// stands behind is not reached, whatever the variable is taken for.
void code_writer::match_nothing(const term& p, int32_t with) {
  var_set vars;
  vars_in(p, vars);
  for (auto& v : vars)
    if (!bound(v) && !is_root(v))
      bind(v, with);
  jump(fail_, p.at);
}

void code_writer::match_array(const term& p, int32_t with) {
  emit_failing({op::array_size, 0, count_of(p.args.size()), 0, with}, p.at);
  for (size_t i = 0; i < p.args.size(); ++i) {
    auto k = u_.constant(value::integer(static_cast<int64_t>(i)));
    auto r = fresh();
    emit_failing({op::get, 0, 0, r, with, k}, p.at);
    match(p.args[i], r);
  }
}

void code_writer::match_object(const term& p, int32_t with) {
  emit_failing({op::object_size, 0, count_of(p.args.size() / 2), 0, with},
               p.at);
  for (size_t i = 0; i + 1 < p.args.size(); i += 2) {
    auto r = fresh();
    emit_failing({op::get, 0, 0, r, with, value_of(p.args[i])}, p.at);
    match(p.args[i + 1], r);
  }
}

} // namespace rego
