// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/evaluation.hpp"

#include <algorithm>

#include "compiler/code_writer.hpp"
#include "partial/source_text.hpp"
#include "rego/build.hpp"

namespace rego::partial {

namespace {

// A function of data.partial has the operands of the one that it is of; what
// stands for a negation has those that it is called with.
arity_of arities(const rule_tree& tree) {
  return [&tree](const term& callee) {
    auto of = callee;
    bool partial = of.is(term_kind::ref) && of.args.size() > 2
                   && of.args[0].text == "data" && of.args[1].text == "partial";
    if (partial)
      of.args.erase(of.args.begin() + 1);
    return callee_arity(tree, of);
  };
}

// A path that OPA's merge takes: names below a root.
bool is_document_path(const node& target) {
  auto& parts = target.parts;
  return std::all_of(parts.begin() + !parts.empty(), parts.end(), [](auto& p) {
    return p->is(node_kind::constant) && p->constant.is_string();
  });
}

// What the literals call, those of closures and bodies within them too.
void callees_of(const literal& l, nodes& out) {
  if (l.kind == literal_kind::call)
    out.push_back(l.terms[0]);
  auto below = [&](const literals& body) {
    for (auto& inner : body)
      callees_of(inner, out);
  };
  for (auto& t : l.terms)
    walk(*t, [&](const node& n) {
      if (n.has_operator())
        out.push_back(n.parts[0]);
      if (n.body)
        below(*n.body);
      return !n.body;
    });
  if (l.body)
    below(*l.body);
}

value replaced(arena& memory, const value& base, const nodes& path, size_t from,
               const value& by) {
  if (from == path.size())
    return by;
  object_builder out(memory);
  auto& key = path[from]->constant;
  value below;
  if (base.is_object())
    for (size_t i = 0; i < base.size(); ++i) {
      if (equal(base.keys()[i], key))
        below = base.values()[i];
      else
        out.add(base.keys()[i], base.values()[i]);
    }
  out.add(key, replaced(memory, below, path, from + 1, by));
  return out.finish();
}

} // namespace

evaluation::evaluation(const rule_tree& tree, dependence& d, known_parts& k,
                       const partial_options& o, budget& left, arena& memory,
                       names query_names, steps& told)
    : arity(arities(tree)), tree_(tree), depends_(d), known_(k), options_(o),
      left_(left), memory_(memory), query_names_(std::move(query_names)),
      steps_(told), root_(0), naming_(memory, root_, query_names_) {
}

void evaluation::run(const literals& query, const continuation& each) {
  with_scope outside{known_.input(), "", false};
  frame f{&query, 0, next_id_++, &root_, &outside, steps_.query(query)};
  enter(f, [&] {
    if (++bodies_ > options_.bodies_max)
      throw bound_reached{bound::memory};
    each();
  });
}

void evaluation::enter(frame& f, const continuation& k) {
  if (!steps_.told())
    return eval(f, k);
  auto from = steps_.now();
  steps_.tell(trace_op::enter, f.told);
  eval(f, [&] {
    steps_.tell(trace_op::exit, f.told);
    steps_.back_to(from);
    k();
    steps_.tell(trace_op::redo, f.told);
  });
  steps_.back_to(from);
}

void evaluation::eval(frame& f, const continuation& k) {
  if (f.index >= f.body->size())
    return k();
  if (depth_ >= depth_max)
    throw bound_reached{bound::depth};
  left_.spend(budget::step / 10);
  ++depth_;
  auto& l = (*f.body)[f.index];
  bool solved = false;
  auto rest = [&] {
    solved = true;
    ++f.index;
    eval(f, k);
    --f.index;
    tell_end(trace_op::redo, f, l);
  };
  steps_.tell(trace_op::eval, f.told, l);
  if (l.withs.empty())
    step(f, rest);
  else
    eval_with(f, rest);
  if (!solved)
    tell_end(trace_op::fail, f, l);
  --depth_;
}

// A literal's end shows what is known of its variables.
void evaluation::tell_end(trace_op op, const frame& f, const literal& l) {
  if (!steps_.told())
    return;
  names vars;
  vars_of(l, false, vars);
  std::vector<trace_local> locals;
  for (auto& v : vars) {
    auto to = naming_.plug(var_node(v), f.b);
    if (to->is(node_kind::constant))
      locals.push_back({v, to->constant, l.at.row, l.at.col});
  }
  steps_.tell(op, f.told, l, locals);
}

void evaluation::step(frame& f, const continuation& k) {
  auto& l = (*f.body)[f.index];
  switch (l.kind) {
  case literal_kind::equation:
    return unify(f, l.terms[0], l.terms[1], f.b, f.b, k);
  case literal_kind::call:
    return eval_call(f, k);
  case literal_kind::term:
    return eval_term(f, k);
  case literal_kind::every:
    return eval_every(f, k);
  case literal_kind::negation:
    return eval_not(f, k);
  }
}

void evaluation::eval_term(frame& f, const continuation& k) {
  auto out = var_node("$_term_" + std::to_string(f.id) + "_"
                      + std::to_string(f.index));
  unify(f, (*f.body)[f.index].terms[0], out, f.b, f.b, [&] {
    if (open(out, f.b)) {
      literal l;
      l.terms.push_back(out);
      return save(f, std::move(l), f.b, f.b, k);
    }
    auto v = naming_.plug(out, f.b);
    if (!(v->is(node_kind::constant) && v->constant.is_false()))
      k();
  });
}

bool evaluation::replaces_function(const replacement& w) {
  if (is_ref_of(*w.target, "input"))
    return false;
  if (!is_ref_of(*w.target, "data"))
    return true;
  auto* n = node_of(*w.target);
  return n && !n->rules.empty() && n->rules[0].r->head.is_function;
}

// A function or rule as it is named, since the call asks for it; of all else
// the value, or null where that is not known.
node_ptr evaluation::stand_in(const frame& f, const replacement& w) {
  if (w.with->is(node_kind::name)
      || (w.with->is(node_kind::ref) && node_of(*w.with)))
    return w.with;
  if (w.with->is(node_kind::ref)) {
    auto v = value_of(f, w.with->parts);
    return v && v->defined() ? constant_node(*v) : nullptr;
  }
  auto by = naming_.plug(w.with, f.b);
  return by->is(node_kind::constant) ? by : nullptr;
}

// Under `with input` what is known is evaluated and rules become support; where
// documents of data or functions are replaced, a literal that is not known is
// kept as it is.
void evaluation::eval_with(frame& f, const continuation& k) {
  auto& l = (*f.body)[f.index];
  with_scope scope{f.in->input, f.in->text, f.in->special};
  std::vector<term> apart;
  for (auto& w : l.withs) {
    bool function = replaces_function(w);
    auto target = function ? w.target : naming_.plug(w.target, f.b);
    if (!function && !is_document_path(*w.target))
      throw evaluation_failed{
          {"eval_conflict_error", "bad document path", "", l.at.row, l.at.col}};
    auto by = stand_in(f, w);
    if (!by)
      return save_raw(f, k);
    scope.text += " with " + source_text(to_term(*target)) + " as "
                  + source_text(to_term(*by));
    scope.special |= !is_ref_of(*target, "input");
    if (is_ref_of(*target, "input")) {
      scope.input =
          replaced(memory_, scope.input, target->parts, 1, by->constant);
    }
    apart.push_back(to_term(*target));
  }
  auto inner = l;
  inner.withs.clear();
  // What functions are replaced by may hang on the unknowns as well.
  bool is_known = !unknown(scope.special ? l : inner, f.b);
  if (scope.special && !is_known)
    return save_raw(f, k);
  if (scope.special && l.body)
    return decide_body(f, inner, scope, k);
  walk(inner, [&](const node& n) {
    if (is_ref_of(n, "data") || is_ref_of(n, "input"))
      apart.push_back(shape(n, n.parts.size(), nullptr));
    return true;
  });
  nodes called;
  callees_of(inner, called);
  for (auto& c : called)
    if (is_ref_of(*c, "data"))
      apart.push_back(shape(*c, c->parts.size(), nullptr));
  auto* outer = f.in;
  f.in = &scope;
  inner_apart_.push_back(apart);
  step(f, [&] {
    f.in = outer;
    inner_apart_.pop_back();
    k();
    inner_apart_.push_back(apart);
    f.in = &scope;
  });
  inner_apart_.pop_back();
  f.in = outer;
}

// A negation or `every` where functions or data are replaced.
void evaluation::decide_body(frame& f, const literal& l, const with_scope& in,
                             const continuation& k) {
  auto e = to_expr(naming_.close(l, f.b));
  auto holds = known_.document("1; " + source_text(e), in.text);
  if (!holds)
    return save_raw(f, k);
  if (holds->defined())
    k();
}

} // namespace rego::partial
