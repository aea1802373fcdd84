// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "partial/lower.hpp"

#include <algorithm>
#include <charconv>

#include "builtins/builtin.hpp"
#include "compiler/negated_parts.hpp"
#include "partial/source_text.hpp"
#include "partial/tree_walk.hpp"
#include "rego/build.hpp"

namespace rego::partial {

namespace {

// The number of a local, "x#3"; nothing for other names.
std::optional<size_t> local_number(const std::string& name) {
  auto at = name.rfind('#');
  size_t n = 0;
  if (at == name.npos)
    return {};
  std::from_chars(name.data() + at + 1, name.data() + name.size(), n);
  return n;
}

bool needs_evaluation(const node& n) {
  bool found = false;
  walk(n, [&](const node& x) {
    found = found || x.is(node_kind::ref) || x.is_closure();
    return !found;
  });
  return found;
}

class lowering {
public:
  lowering(arena& memory, const char* prefix, const arity_of& arity)
      : memory_(memory), prefix_(prefix), arity_(arity) {}

  void number_from(const std::string& name) {
    if (auto n = local_number(name))
      next_ = std::max(next_, *n + 1);
  }

  node_ptr fresh() { return var_node(local(next_++)); }

  node_ptr plain(const term& t);
  node_ptr expand(const term& t, literals& out);
  void expand(const expr& e, literals& out);
  literals expand(const std::vector<expr>& list) {
    literals out;
    for (auto& e : list)
      expand(e, out);
    return out;
  }
  literals dynamic(literals body);
  /// A part of a head: computed behind the body.
  node_ptr of_head(const term& t, literals& body) {
    auto before = body.size();
    auto n = expand(t, body);
    if (needs_evaluation(*n)) {
      auto v = fresh();
      body.push_back(equation(v, n));
      n = v;
    }
    place_from(before, t.at, body);
    return n;
  }

private:
  static void place_from(size_t first, const location& at, literals& list) {
    for (; first < list.size(); ++first)
      list[first].at = at;
  }
  std::string local(size_t n) const {
    return prefix_ + std::to_string(n) + "__";
  }
  node_ptr variable(const std::string& name);
  // The name of a built-in has no variables.
  node_ptr callee(const term& t) {
    if (t.is(term_kind::var))
      return var_node(t.text);
    nodes parts{var_node(t.args[0].text)};
    for (size_t i = 1; i < t.args.size(); ++i)
      parts.push_back(plain(t.args[i]));
    return make_node(memory_, node_kind::ref, std::move(parts));
  }
  node_ptr expand_ref(const term& t, literals& out);
  node_ptr expand_closure(const term& t);
  node_ptr expand_template(const term& t, literals& out);
  node_ptr template_part(const term& t);
  node_ptr result_of(node_ptr callee, nodes operands, literals& out);
  void expand_call(const term& t, literal& l, literals& out);
  void expand_some(const expr& e, literal& l, literals& out);
  void expand_every(const expr& e, literal& l, literals& out);
  void replacements(const expr& e, literal& l, literals& out);
  term lifted(const term& part, literals& out);
  nodes from_outside(const literals& body, size_t first_own);
  node_ptr one(const node_ptr& n, const literal& from, literals& out);
  node_ptr in_term(const node_ptr& n, const literal& from, literals& out);
  node_ptr path(const node_ptr& ref, const literal& from, literals& out);
  node_ptr closed(const node_ptr& n) {
    return closure_node(n->kind, n->parts,
                        std::make_shared<literals>(dynamic(*n->body)));
  }

  arena& memory_;
  std::string prefix_;
  const arity_of& arity_;
  size_t next_ = 0;
};

node_ptr lowering::variable(const std::string& name) {
  if (is_root(name))
    return make_node(memory_, node_kind::ref, {var_node(name)});
  if (auto n = local_number(name))
    return var_node(local(*n));
  if (name.starts_with("$arg"))
    return var_node("arg__" + name.substr(4) + "_");
  // A digit behind the name is the number of a query's.
  if (!name.empty() && name[0] != '$' && name.back() >= '0'
      && name.back() <= '9')
    return var_node(prefix_.ends_with('q') ? name : name + "_");
  return var_node(name);
}

node_kind collection_kind(term_kind k) {
  switch (k) {
  case term_kind::ref:
    return node_kind::ref;
  case term_kind::array:
    return node_kind::array;
  case term_kind::set:
    return node_kind::set;
  case term_kind::object:
    return node_kind::object;
  case term_kind::array_compr:
    return node_kind::array_closure;
  case term_kind::set_compr:
    return node_kind::set_closure;
  default:
    return node_kind::object_closure;
  }
}

// Scalars and variables, and collections and references of them.
node_ptr lowering::plain(const term& t) {
  if (auto scalar = scalar_node(memory_, t))
    return scalar;
  if (t.is(term_kind::var))
    return variable(t.text);
  if (t.is(term_kind::template_string))
    throw no_source_text{"a string template"};
  nodes parts;
  for (auto& a : t.args)
    parts.push_back(t.is(term_kind::ref) && &a == &t.args[0]
                            && a.is(term_kind::var)
                        ? (is_root(a) ? var_node(a.text) : variable(a.text))
                        : plain(a));
  return make_node(memory_, collection_kind(t.kind), std::move(parts));
}

node_ptr lowering::expand_ref(const term& t, literals& out) {
  nodes parts;
  auto& head = t.args[0];
  parts.push_back(head.is(term_kind::var) ? (
                      is_root(head) ? var_node(head.text) : variable(head.text))
                                          : expand(head, out));
  for (size_t i = 1; i < t.args.size(); ++i)
    parts.push_back(expand(t.args[i], out));
  if (parts[0]->is(node_kind::ref)) {
    auto all = parts[0]->parts;
    all.insert(all.end(), parts.begin() + 1, parts.end());
    parts = std::move(all);
  } else if (!is_var(*parts[0])) {
    auto v = fresh();
    out.push_back(equation(v, parts[0]));
    parts[0] = v;
  }
  return make_node(memory_, node_kind::ref, std::move(parts));
}

node_ptr lowering::expand_closure(const term& t) {
  auto body = expand(t.body->literals);
  nodes heads;
  for (auto& a : t.args)
    heads.push_back(of_head(a, body));
  return closure_node(collection_kind(t.kind), std::move(heads),
                      std::make_shared<literals>(std::move(body)));
}

// $"a {x}{f(y)}" is internal.template_string(["a ", {x}, {v | v = f(y)}]).
node_ptr lowering::expand_template(const term& t, literals& out) {
  nodes parts;
  for (auto& p : t.args)
    parts.push_back(template_part(p));
  auto list = make_node(memory_, node_kind::array, std::move(parts));
  return result_of(var_node("internal.template_string"), {list}, out);
}

node_ptr lowering::template_part(const term& t) {
  if (auto scalar = scalar_node(memory_, t))
    return scalar;
  if (t.is(term_kind::set_compr) && t.infix)
    return expand_closure(t); // a part with `with`
  if (t.is(term_kind::var) && !is_root(t))
    return make_node(memory_, node_kind::set, {variable(t.text)});
  auto v = fresh();
  literals body;
  auto part = expand(t, body);
  body.push_back(equation(v, part));
  return closure_node(node_kind::set_closure, {v},
                      std::make_shared<literals>(std::move(body)));
}

// The variable that a call gives its result to.
node_ptr lowering::result_of(node_ptr callee, nodes operands, literals& out) {
  literal l;
  l.kind = literal_kind::call;
  l.captured = true;
  auto v = fresh();
  l.terms = std::move(operands);
  l.terms.insert(l.terms.begin(), std::move(callee));
  l.terms.push_back(v);
  out.push_back(std::move(l));
  return v;
}

node_ptr lowering::expand(const term& t, literals& out) {
  switch (t.kind) {
  case term_kind::call: {
    nodes operands;
    for (size_t i = 1; i < t.args.size(); ++i)
      operands.push_back(expand(t.args[i], out));
    // Within a term = compares and has no variables to bind.
    auto what = callee(t.args[0]);
    if (is_var(*what) && what->name == "eq")
      what = var_node("equal");
    return result_of(std::move(what), std::move(operands), out);
  }
  case term_kind::template_string:
    return expand_template(t, out);
  case term_kind::ref:
    return expand_ref(t, out);
  case term_kind::array:
  case term_kind::set:
  case term_kind::object: {
    nodes parts;
    for (auto& a : t.args)
      parts.push_back(expand(a, out));
    return make_node(memory_, collection_kind(t.kind), std::move(parts));
  }
  case term_kind::array_compr:
  case term_kind::set_compr:
  case term_kind::object_compr:
    return expand_closure(t);
  default:
    return plain(t);
  }
}

bool is_static_document(const term& t) {
  return t.is(term_kind::ref) && t.args[0].text == "data"
         && std::all_of(t.args.begin() + 1, t.args.end(), is_scalar);
}

void lowering::replacements(const expr& e, literal& l, literals& out) {
  for (auto& w : e.withs) {
    replacement r;
    bool root = w.target.is(term_kind::var) ? is_root(w.target)
                                            : is_root(w.target.args[0]);
    r.target = root ? plain(w.target) : callee(w.target);
    auto& by = w.replacement;
    bool named = by.is(term_kind::var) || by.is(term_kind::ref);
    if (named && builtin_table::instance().find(callee_name(by))) {
      r.with = make_node(memory_, node_kind::name, {callee(by)});
    } else if (named && arity_(by) >= 0) {
      r.with = callee(by);
    } else if ((!root || arity_(w.target) >= 0) && is_static_document(by)) {
      r.with = plain(by); // which may be a rule's, asked for by the call
    } else {
      r.with = expand(by, out);
      if (needs_evaluation(*r.with)) {
        auto v = fresh();
        out.push_back(equation(v, r.with));
        r.with = v;
      }
    }
    l.withs.push_back(std::move(r));
  }
}

void lowering::expand_call(const term& t, literal& l, literals& out) {
  bool two = t.args.size() == 3;
  bool equals = t.is_call("eq") || t.is_call("assign") || t.is_call("equal");
  l.kind = two && equals ? literal_kind::equation : literal_kind::call;
  if (l.kind == literal_kind::call)
    l.terms.push_back(callee(t.args[0]));
  for (size_t i = 1; i < t.args.size(); ++i)
    l.terms.push_back(expand(t.args[i], out));
}

void lowering::expand_some(const expr& e, literal& l, literals& out) {
  auto two = e.terms.size() == 3;
  auto key = two ? expand(e.terms[0], out) : fresh();
  auto element = expand(e.terms[two ? 1 : 0], out);
  auto in = expand(e.terms.back(), out);
  nodes parts = in->is(node_kind::ref) ? in->parts : nodes{in};
  if (!is_var(*parts[0])) {
    auto v = fresh();
    out.push_back(equation(v, parts[0]));
    parts[0] = v;
  }
  parts.push_back(key);
  l.kind = literal_kind::equation;
  l.terms = {element, make_node(memory_, node_kind::ref, std::move(parts))};
}

void lowering::expand_every(const expr& e, literal& l, literals& out) {
  auto two = e.terms.size() == 3;
  auto domain = fresh();
  auto in = expand(e.terms.back(), out);
  out.push_back(equation(domain, in));
  l.kind = literal_kind::every;
  l.terms = {two ? expand(e.terms[0], out) : fresh(),
             expand(e.terms[two ? 1 : 0], out), domain};
  l.body = std::make_shared<literals>(expand(e.body->literals));
}

// What is evaluated before a negation, as a variable.
term lowering::lifted(const term& part, literals& out) {
  term name;
  name.kind = term_kind::var;
  name.at = part.at;
  name.text = "part#" + std::to_string(next_);
  auto v = fresh();
  auto n = expand(part, out);
  out.push_back(equation(v, n));
  return name;
}

// The variables of a negation's body, without those made for it alone.
nodes lowering::from_outside(const literals& body, size_t first_own) {
  names own, all;
  for (auto n = first_own; n < next_; ++n)
    own.insert(local(n));
  for (auto& l : body)
    vars_of(l, true, all);
  nodes out;
  for (auto& name : all)
    if (!own.count(name))
      out.push_back(var_node(name));
  return out;
}

void lowering::expand(const expr& e, literals& out) {
  if (e.kind == expr_kind::some
      || (e.kind == expr_kind::term && e.terms[0].is_call("print")))
    return;
  auto before = out.size();
  literal l;
  replacements(e, l, out);
  literals extra;
  if (e.negated || e.kind == expr_kind::not_body) {
    auto inner = e;
    inner.negated = false;
    inner.withs.clear();
    if (!e.whole)
      lift_negated_parts(inner, true,
                         [&](const term& part) { return lifted(part, extra); });
    auto first_own = next_;
    l.kind = literal_kind::negation;
    l.body = std::make_shared<literals>(expand(e.kind == expr_kind::not_body
                                                   ? e.body->literals
                                                   : std::vector<expr>{inner}));
    l.terms = from_outside(*l.body, first_own);
    if (!e.negated) {
      literal outer = l;
      outer.body = std::make_shared<literals>(literals{l});
      l = outer;
    }
  } else if (e.kind == expr_kind::some_in) {
    expand_some(e, l, extra);
  } else if (e.kind == expr_kind::every) {
    expand_every(e, l, extra);
  } else if (e.kind == expr_kind::term) {
    if (e.terms[0].is(term_kind::call))
      expand_call(e.terms[0], l, extra);
    else
      l.terms.push_back(expand(e.terms[0], extra));
  } else {
    throw no_source_text{"`and` and `or`"};
  }
  for (auto& x : extra) {
    x.withs = l.withs;
    out.push_back(std::move(x));
  }
  out.push_back(std::move(l));
  place_from(before, e.at, out);
}

node_ptr lowering::path(const node_ptr& ref, const literal& from,
                        literals& out) {
  nodes parts{ref->parts[0]};
  for (size_t i = 1; i < ref->parts.size(); ++i)
    parts.push_back(one(ref->parts[i], from, out));
  return make_node(memory_, node_kind::ref, std::move(parts));
}

// A reference or a closure gets a variable of its own.
node_ptr lowering::one(const node_ptr& n, const literal& from, literals& out) {
  switch (n->kind) {
  case node_kind::ref:
  case node_kind::array_closure:
  case node_kind::set_closure:
  case node_kind::object_closure: {
    auto what = n->is_closure() ? closed(n) : path(n, from, out);
    auto v = fresh();
    out.push_back(equation(v, what));
    out.back().withs = from.withs;
    out.back().at = from.at;
    return v;
  }
  case node_kind::array:
  case node_kind::set:
  case node_kind::object: {
    nodes parts;
    for (auto& p : n->parts)
      parts.push_back(one(p, from, out));
    return make_node(memory_, n->kind, std::move(parts));
  }
  default:
    return n;
  }
}

node_ptr lowering::in_term(const node_ptr& n, const literal& from,
                           literals& out) {
  if (n->is(node_kind::ref))
    return path(n, from, out);
  return n->is_closure() ? closed(n) : one(n, from, out);
}

literals lowering::dynamic(literals body) {
  literals out;
  for (auto& l : body) {
    if (l.kind == literal_kind::call) {
      for (size_t i = 1; i < l.terms.size(); ++i)
        l.terms[i] = one(l.terms[i], l, out);
    } else if (l.kind != literal_kind::every) {
      for (auto& t : l.terms)
        t = in_term(t, l, out);
    }
    if (l.body)
      l.body = std::make_shared<literals>(dynamic(*l.body));
    out.push_back(std::move(l));
  }
  return out;
}

} // namespace

literals flat(arena& memory, const query& q, const arity_of& arity) {
  lowering l(memory, "__localq", arity);
  for (auto& e : q.literals)
    walk_tree(e, [&](const term& t, term_role) {
      l.number_from(t.text);
      return true;
    });
  return l.dynamic(l.expand(q.literals));
}

flat_rule flat(arena& memory, const rule& r, const std::vector<term>& suffix,
               const arity_of& arity) {
  lowering l(memory, "__local", arity);
  walk_tree(r, [&](const term& t, term_role) {
    if (t.is(term_kind::var))
      l.number_from(t.text);
    return true;
  });
  flat_rule out;
  for (auto& a : r.head.args)
    out.args.push_back(l.plain(a));
  auto body = l.expand(r.body.literals);
  for (auto& s : suffix)
    out.suffix.push_back(l.of_head(s, body));
  if (r.head.is_set)
    out.key = l.of_head(r.head.key, body);
  else
    out.value = l.of_head(r.head.value, body);
  out.body = l.dynamic(std::move(body));
  return out;
}

} // namespace rego::partial
