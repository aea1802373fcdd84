// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Literals.

#include "compiler/code_writer.hpp"

#include <algorithm>

#include "compiler/negated_parts.hpp"

namespace rego {

namespace {

struct test_info {
  std::string_view name;
  comparison test;
};

constexpr test_info tests[] = {{"neq", comparison::ne},
                               {"lt", comparison::lt},
                               {"lte", comparison::le},
                               {"gt", comparison::gt},
                               {"gte", comparison::ge}};

expr without_withs(const expr& e) {
  auto inner = e;
  inner.withs.clear();
  return inner;
}

} // namespace

void code_writer::literal(const expr& e) {
  if (e.withs.empty())
    plain_literal(e);
  else
    with_literal(e, nullptr);
}

void code_writer::plain_literal(const expr& e) {
  if (e.negated)
    return negation(e);
  positive_literal(e);
}

void code_writer::positive_literal(const expr& e) {
  switch (e.kind) {
  case expr_kind::some:
    return;
  case expr_kind::some_in:
    return some_in(e);
  case expr_kind::every:
    return every(e);
  case expr_kind::term:
    return term_literal(e.terms[0]);
  case expr_kind::not_body:
  case expr_kind::all_of:
  case expr_kind::any_of:
    return logic(e);
  }
}

void code_writer::term_literal(const term& t) {
  if (t.is_call("eq") || t.is_call("assign"))
    return equate(t.args[1], t.args[2], t.at);
  if (t.is_call("equal") && t.args.size() == 3)
    return equate(t.args[1], t.args[2], t.at);
  if (t.is_call("print"))
    return print_literal(t);
  for (auto& x : tests)
    if (t.is_call(x.name) && t.args.size() == 3) {
      auto a = value_of(t.args[1]);
      auto b = value_of(t.args[2]);
      emit_failing({op::test, static_cast<uint8_t>(x.test), 0, 0, a, b}, t.at);
      return;
    }
  if (t.kind == term_kind::call) {
    int n = u_.arity(t.args[0]);
    if (n >= 0 && t.args.size() == static_cast<size_t>(n) + 2) {
      auto inner = t;
      auto out = inner.args.back();
      inner.args.pop_back();
      match(out, literal_value(inner));
      return;
    }
  }
  auto v = literal_value(t);
  emit_failing({op::truthy, 0, 0, 0, v}, t.at);
}

// Of a call that is a literal the operands are told, as OPA does: what it gave
// is told by whether the literal holds.
int32_t code_writer::literal_value(const term& t) {
  return t.kind == term_kind::call ? plain_value(t) : value_of(t);
}

void code_writer::equate(const term& a, const term& b, const location& at) {
  auto open = [&](const term& t) {
    return t.kind == term_kind::var && !evaluable(t);
  };
  if (open(a) && evaluable(b))
    return match(a, value_of(b));
  if (open(b) && evaluable(a))
    return match(b, value_of(a));
  // All values of a collection are told, and not up to the first that differs.
  if (watched_ && evaluable(a) && evaluable(b)) {
    auto left = value_of(a);
    return match(b, left);
  }
  if (a.kind == term_kind::array && b.kind == term_kind::array)
    return equate_arrays(a, b, at);
  if (a.kind == term_kind::object && b.kind == term_kind::object)
    return equate_objects(a, b, at);
  if (evaluable(a))
    return match(b, value_of(a));
  if (evaluable(b))
    return match(a, value_of(b));
  u_.report("rego_compile_error",
            "internal error: neither side of the equation has a value yet", at);
}

// Pairs whose either side is known first, so that they bind the others.
void code_writer::equate_pairs(
    std::vector<std::pair<const term*, const term*>> pairs,
    const location& at) {
  std::vector<bool> done(pairs.size());
  auto known = [&](size_t i) {
    return !done[i]
           && (evaluable(*pairs[i].first) || evaluable(*pairs[i].second));
  };
  for (size_t first = 0; first < pairs.size();) {
    auto i = first;
    while (i < pairs.size() && !known(i))
      ++i;
    if (i == pairs.size())
      i = first;
    done[i] = true;
    equate(*pairs[i].first, *pairs[i].second, at);
    while (first < pairs.size() && done[first])
      ++first;
  }
}

void code_writer::equate_arrays(const term& a, const term& b,
                                const location& at) {
  if (a.args.size() != b.args.size())
    return jump(fail_, at);
  std::vector<std::pair<const term*, const term*>> pairs;
  for (size_t i = 0; i < a.args.size(); ++i)
    pairs.emplace_back(&a.args[i], &b.args[i]);
  equate_pairs(std::move(pairs), at);
}

void code_writer::equate_objects(const term& a, const term& b,
                                 const location& at) {
  if (a.args.size() != b.args.size())
    return jump(fail_, at);
  if (evaluable(a))
    return match(b, value_of(a));
  if (evaluable(b))
    return match(a, value_of(b));
  auto pairs = values_of_equal_keys(a, b);
  if (pairs.size() * 2 != a.args.size())
    return jump(fail_, at);
  equate_pairs(std::move(pairs), at);
}

// The part's value in a variable that no policy can name.
term code_writer::lifted(const term& part) {
  term name;
  name.kind = term_kind::var;
  name.at = part.at;
  auto v = value_of(part);
  name.text = "$part of not " + std::to_string(v);
  bind(name.text, v);
  return name;
}

void code_writer::negation(const expr& e) {
  inner_scope scope(*this);
  auto holds = new_label();
  auto inner = e;
  inner.negated = false;
  inner.withs.clear();
  if (inner.text.starts_with("not ")) {
    auto behind = inner.text.find_first_not_of(' ', 4);
    inner.text.erase(0, behind);
    inner.at.offset += static_cast<uint32_t>(behind);
  }
  if (!e.whole)
    lift_negated_parts(inner, !u_.of_query,
                       [&](const term& part) { return lifted(part); });
  auto opened = enter(query{{inner}}, e.at);
  failing_to(holds, [&] {
    if (e.kind == expr_kind::not_body)
      literals(e.body->literals);
    else
      traced(inner, 0, [&] { positive_literal(inner); });
    exit(opened);
  });
  leave(opened);
  jump(fail_, e.at);
  place_label(holds);
  leave(opened);
}

void code_writer::some_in(const expr& e) {
  auto container = value_of(e.terms.back());
  auto two = e.terms.size() == 3;
  scan(container, two ? &e.terms[0] : nullptr, &e.terms[two ? 1 : 0], e.at);
}

void code_writer::every(const expr& e) {
  auto domain = value_of(e.terms.back()); // what it binds is bound for all
  inner_scope scope(*this);
  auto done = new_label();
  auto it = fresh();
  fresh();
  fresh();
  auto key = fresh();
  auto element = fresh();
  emit_failing({op::scan, 1, 0, it, domain}, e.at);
  auto next = new_label();
  place_label(next);
  aim(emit({op::scan_next, 0, 0, it, key, element}, e.at), done);
  auto two = e.terms.size() == 3;
  if (two)
    bind(e.terms[0].text, key);
  bind(e.terms[two ? 1 : 0].text, element);
  auto opened = enter(*e.body, e.at);
  auto* watch = std::exchange(watched_, nullptr);
  body(*e.body, [&] {
    exit(opened);
    leave(opened);
    jump(next, e.at);
  });
  watched_ = watch;
  leave(opened);
  jump(fail_, e.at);
  place_label(done);
}

// Success as soon as one (any_of) or all (all_of) of the bodies hold.
void code_writer::logic(const expr& e) {
  if (e.kind == expr_kind::any_of) {
    auto ok = new_label();
    for (auto& b : e.bodies)
      body(*b, [&] { jump(ok, e.at); });
    jump(fail_, e.at);
    place_label(ok);
    return;
  }
  auto one = [&](const query& q) {
    auto ok = new_label();
    body(q, [&] { jump(ok, e.at); });
    jump(fail_, e.at);
    place_label(ok);
  };
  if (e.kind == expr_kind::not_body)
    return one(*e.body);
  for (auto& b : e.bodies)
    one(*b);
}

void code_writer::print_literal(const term& t) {
  std::vector<int32_t> parts;
  for (size_t i = 1; i < t.args.size(); ++i)
    parts.push_back(part_set(t.args[i]));
  emit({op::print, 0, count_of(parts.size()), 0, arguments(parts)}, t.at);
}

// The literal runs to its end under the replacements, collecting what it
// binds; what follows runs on the collected tuples without them.
void code_writer::with_literal(const expr& e, int32_t* capture) {
  auto inner = without_withs(e);
  var_set vars;
  if (!e.negated)
    vars_in(inner, vars);
  std::vector<std::string> names;
  for (auto& v : vars)
    if (!bound(v))
      names.push_back(v);
  // All replacements are computed before the first one takes effect.
  std::vector<insn> begins;
  for (auto& w : e.withs)
    begins.push_back(begin_with(w));
  for (auto& b : begins)
    emit(b, e.at);
  auto r = fresh();
  emit({op::build, 0, 0, r}, e.at);
  auto end = new_label();
  failing_to(end, [&] {
    inner_scope scope(*this);
    std::vector<int32_t> tuple;
    if (capture)
      tuple.push_back(captured(inner));
    else
      plain_literal(inner);
    std::erase_if(names, [this](auto& n) { return !bound(n); });
    for (auto& n : names)
      tuple.push_back(*bound(n));
    auto t = fresh();
    emit({op::array, 0, count_of(tuple.size()), t, arguments(tuple)}, e.at);
    emit({op::build_add, 0, 0, r, t}, e.at);
    jump(tuple.empty() ? end : fail_, e.at);
  });
  place_label(end);
  emit({op::with_end, 0, count_of(e.withs.size())}, e.at);
  auto all = fresh();
  emit({op::build_array, 0, 0, all, r}, e.at);
  auto s = open_scan(all, e.at);
  int64_t at = 0;
  auto take = [&] {
    auto x = fresh();
    emit_failing(
        {op::get, 0, 0, x, s.element, u_.constant(value::integer(at++))}, e.at);
    return x;
  };
  if (capture)
    *capture = take();
  for (auto& n : names)
    bind(n, take());
}

insn code_writer::begin_with(const with_modifier& w) {
  auto& t = w.target;
  std::vector<int32_t> path;
  bool ref = t.kind == term_kind::ref;
  auto root = ref ? t.args[0].text : t.text;
  if (auto* f = function_node(t)) {
    return replace_function(f->slot, false, w);
  }
  if (root != "input" && root != "data") {
    auto name = ref_text(t);
    auto index = builtin_table::instance().index_of(name);
    if (index >= 0
        && builtin_table::instance().at(static_cast<size_t>(index)).call)
      return replace_function(index, true, w);
    u_.report("rego_type_error", "undefined function " + name, t.at);
    return {op::jump};
  }
  if (root == "data" && ref)
    check_partial(t);
  auto v = value_of(w.replacement);
  // OPA takes no path but names as they are written: the machine refuses null.
  for (size_t i = 1; ref && i < t.args.size(); ++i)
    path.push_back(t.args[i].is(term_kind::string)
                       ? value_of(t.args[i])
                       : u_.constant(value::null()));
  return {root == "input" ? op::with_input : op::with_data,
          0,
          count_of(path.size()),
          0,
          arguments(path),
          v};
}

// A rule's value is replaced whole or not at all.
void code_writer::check_partial(const term& target) {
  const auto* n = &u_.tree.root();
  for (size_t i = 1; i < target.args.size(); ++i) {
    if (!n->rules.empty()) {
      u_.report("rego_compile_error",
                "with keyword cannot partially replace virtual document(s)",
                target.at);
      return;
    }
    n = rule_tree::child(*n, target.args[i]);
    if (!n)
      return;
  }
}

// x: bit 0, a built-in is replaced; bit 1, by a built-in; bit 2, by a value or
// the document of a node, which is asked for where the call is, as in OPA.
insn code_writer::replace_function(int32_t what, bool builtin,
                                   const with_modifier& w) {
  auto& r = w.replacement;
  uint8_t x = builtin ? 1 : 0;
  int32_t by = 0;
  auto name = r.kind == term_kind::ref   ? ref_text(r)
              : r.kind == term_kind::var ? r.text
                                         : std::string();
  auto& table = builtin_table::instance();
  if (auto* f = function_node(r)) {
    by = f->slot;
  } else if (!name.empty() && !bound(name) && table.index_of(name) >= 0
             && table.find(name)->call) {
    x |= 2;
    by = table.index_of(name);
  } else if (auto* n = tree_node(r)) {
    x |= 4;
    by = fresh();
    emit({op::vnode, 0, 0, by, n->index}, r.at);
  } else {
    x |= 4;
    by = value_of(r);
  }
  return {op::with_function, x, 0, 0, what, by};
}

int32_t code_writer::captured(const expr& e) {
  if (!e.withs.empty()) {
    int32_t out = 0;
    with_literal(e, &out);
    return out;
  }
  auto plain = e.kind == expr_kind::term && !e.negated;
  if (plain) {
    auto& t = e.terms[0];
    bool binds = t.is_call("eq") || t.is_call("assign") || t.is_call("print");
    if (t.kind == term_kind::call) {
      int n = u_.arity(t.args[0]);
      binds |= n >= 0 && t.args.size() == static_cast<size_t>(n) + 2;
    }
    if (!binds)
      return literal_value(t);
  }
  plain_literal(e);
  return u_.constant(value::boolean(true));
}

} // namespace rego
