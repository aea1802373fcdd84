// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/compile.hpp"

#include <algorithm>
#include <unordered_map>

#include "builtins/builtin.hpp"
#include "compiler/annotations.hpp"
#include "compiler/captures.hpp"
#include "compiler/code_writer.hpp"
#include "compiler/early_checks.hpp"
#include "compiler/query_scope.hpp"
#include "compiler/read_annotations.hpp"
#include "compiler/resolve.hpp"
#include "compiler/safety.hpp"
#include "compiler/types/check_rules.hpp"
#include "compiler/types/checker.hpp"
#include "compiler/unsafe_vars.hpp"
#include "compiler/v1_checks.hpp"
#include "compiler/within.hpp"
#include "machine/verify.hpp"
#include "parser/parse.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

void sort_errors(errors& list) {
  std::stable_sort(list.begin(), list.end(), [](auto& a, auto& b) {
    return std::tie(a.file, a.row, a.col) < std::tie(b.file, b.row, b.col);
  });
}

void append(errors& to, errors from) {
  to.insert(to.end(), from.begin(), from.end());
}

// A name may be met twice, as an argument's in each clause of a chain.
void order_names(std::vector<meant_name>& list) {
  auto by_place = [](auto& a, auto& b) { return a.offset < b.offset; };
  auto same = [](auto& a, auto& b) { return a.offset == b.offset; };
  std::stable_sort(list.begin(), list.end(), by_place);
  list.erase(std::unique(list.begin(), list.end(), same), list.end());
}

// `later`: what the names are found wrong for when templates are right.
void check_captures(const compiled_policy& p, errors later, errors& out) {
  auto arity = arity_in(p.tree);
  auto each = [&](errors (*check)(const module&, const arity_of&)) {
    if (out.empty())
      for (auto& m : p.modules)
        if (may_capture(m.source))
          append(out, check(m, arity));
  };
  each(check_templates);
  if (out.empty())
    out = std::move(later);
  each(check_prints);
}

// Of several kinds of wrong names only the first that there is is told, as OPA
// does: imports that nothing uses and arguments that hide roots, names of
// roots, imports of one name, locals, calls and replacements.
void resolve_modules(compiled_policy& p, bool strict, errors& out) {
  errors unused, roots, duplicates, locals, later;
  std::unordered_map<const rule_tree_node*, rule_names> names;
  for (auto& m : p.modules) {
    append(unused, check_argument_names(m));
    append(locals, check_argument_calls(m));
    if (m.v1 || strict || p.options.v0_v1) {
      append(roots, check_root_names(m));
      append(duplicates, check_duplicate_imports(m));
    }
    resolver r(m.file, locals, strict);
    auto& known = names[&p.tree.package_of(m)];
    if (!known)
      known = p.tree.names_in(m);
    r.set_package(m.package, known);
    for (auto& i : m.imports)
      r.add_import(i);
    if (p.options.instrument)
      r.note_names(m.meant);
    for (auto& x : m.rules)
      r.resolve(x);
    order_names(m.meant);
    if (strict)
      r.report_unused_imports(m.imports, unused);
    append(later, std::move(r.later));
  }
  for (auto* found : {&unused, &roots, &duplicates, &locals})
    if (out.empty())
      out = std::move(*found);
  check_captures(p, std::move(later), out);
}

// The tree holds copies of the heads' dynamic parts, made before names were
// resolved and parts moved to bodies.
void refresh_suffixes(rule_tree_node& n) {
  for (auto& e : n.rules) {
    auto& ref = e.r->head.ref;
    auto k = e.suffix.size();
    if (k)
      e.suffix.assign(ref.args.end() - static_cast<long>(k), ref.args.end());
  }
  for (auto& [k, c] : n.children)
    refresh_suffixes(*c);
}

void check_safety(compiled_policy& p, errors& out) {
  auto arity = arity_in(p.tree);
  std::vector<unsafe_clause> wrong;
  for (auto& m : p.modules) {
    safety s(m.file, arity, p.options.reference);
    for (auto& r : m.rules)
      for (auto* c = &r; c; c = c->otherwise.get())
        if (auto found = s.check(*c);
            !found.empty() || (s.doubtful() && is_unsafe(*c, arity)))
          wrong.push_back({&m, c, std::move(found)});
  }
  refresh_suffixes(p.tree.root());
  append(out, tell_unsafe(wrong, arity));
}

// The compiler is wrong where it writes what the machine must not run.
error not_verified(const std::string& why) {
  return {"rego_compile_error",
          "internal error: the instructions do not verify: " + why, "", 0, 0};
}

bool parse_all(compiled_policy& p, const std::vector<module_source>& sources,
               const compile_options& o, annotation_set& notes, errors& out) {
  for (auto& s : sources) {
    bool v0 = s.v0.value_or(o.v0_compatible);
    block_reader blocks(p.prog.memory, s.name, s.text.size());
    auto m = parse_module(s.name, s.text,
                          {!v0, o.capabilities.get(), o.v0_v1, blocks.check()});
    if (m) {
      errors wrong;
      if (o.v0_v1)
        append(wrong, check_keyword_names(*m));
      append(wrong, check_statements(*m));
      auto list =
          wrong.empty() ? blocks.attach(*m, wrong) : std::vector<annotation>();
      append(out, std::move(wrong));
      notes.take(p.modules.emplace_back(std::move(*m)), std::move(list));
    } else
      out.insert(out.end(), m.error_list().begin(), m.error_list().end());
  }
  return out.empty();
}

} // namespace

// OPA says so also of as many as it tells.
errors told_of(errors list, size_t most) {
  if (most == 0 || list.size() < most)
    return list;
  list.resize(most);
  list.push_back({"rego_compile_error", "error limit reached", "", 0, 0});
  return list;
}

namespace {

result<policy_ptr> compile_all(const std::vector<module_source>& sources,
                               const compile_options& o) {
  auto p = std::make_shared<compiled_policy>();
  p->options = o;
  p->options.schemas.reset(); // which nobody asks for any more
  errors out;
  annotation_set notes(p->prog.memory);
  if (!parse_all(*p, sources, o, notes, out))
    return out;
  types::schemas schemas(notes, o);
  schemas.read(out);
  p->base_types = types::base_types(schemas.input());
  if (o.separate_tests)
    separate_tests(p->modules);
  for (auto& m : p->modules) {
    p->tree.package_of(m);
    for (auto& r : m.rules)
      p->tree.add(m, r, out);
  }
  auto stage = [&](auto&& run) {
    if (out.empty())
      run();
  };
  stage([&] {
    if (o.capabilities)
      for (auto& m : p->modules)
        append(out, check_heads(m, *o.capabilities));
  });
  stage([&] { resolve_modules(*p, o.strict, out); });
  stage([&] { notes.join(out); });
  stage([&] { refresh_suffixes(p->tree.root()); });
  stage([&] { check_conflicts(p->tree, out); });
  stage([&] {
    for (auto& m : p->modules)
      types::check_arities(p->tree, m, o.capabilities.get(), out);
  });
  stage([&] { check_safety(*p, out); });
  std::vector<const rule_tree_node*> order;
  stage([&] {
    allot(*p);
    order = check_recursion(p->tree, out);
  });
  stage([&] {
    types::check_rules(p->tree, order, schemas, p->document_types, out);
  });
  stage([&] {
    for (auto& m : p->modules)
      if (m.v1 || o.strict || o.v0_v1)
        append(out, check_deprecated_calls(m));
  });
  stage([&] { write_rules(*p, notes, out); });
  stage([&] {
    if (auto why = refusal_of(p->prog))
      out.push_back(not_verified(*why));
  });
  sort_errors(out);
  if (!out.empty())
    return told_of(std::move(out), o.errors_max);
  return policy_ptr(std::move(p));
}

} // namespace

result<policy_ptr> compile(const std::vector<module_source>& sources,
                           const compile_options& o) {
  size_t bytes = 0;
  for (auto& s : sources)
    bytes += s.text.size();
  if (o.schemas)
    for (auto& s : *o.schemas)
      bytes += s.text.size();
  return within(o.limits, bytes, [&] { return compile_all(sources, o); });
}

result<snapshot_ptr> load_data(std::string_view json) {
  auto a = std::make_unique<arena>();
  auto v = parse_json(*a, json);
  if (!v)
    return v.error_list();
  if (!v->is_object())
    return error{"json_error", "the data document must be an object", "", 0, 0};
  return snapshot_ptr(std::make_shared<snapshot>(std::move(a), *v));
}

std::vector<std::string> compiled_policy::packages() const {
  std::vector<std::string> out;
  for (auto& m : modules)
    out.push_back(ref_text(m.package));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<rule_info> compiled_policy::rules() const {
  std::vector<rule_info> out;
  for (auto& m : modules)
    for (auto& r : m.rules) {
      term name = m.package;
      auto& ref = r.head.ref;
      if (ref.kind == term_kind::ref)
        name.args.insert(name.args.end(), ref.args.begin(), ref.args.end());
      else
        name.args.push_back(ref);
      auto first = static_cast<long>(m.package.args.size());
      name.args[static_cast<size_t>(first)].kind = term_kind::string;
      rule_info i;
      i.path = ref_text(name);
      i.package = ref_text(m.package);
      for (auto k = name.args.begin() + first; k != name.args.end(); ++k) {
        if (!is_scalar(*k))
          break;
        i.name.push_back(k->text);
      }
      i.is_partial_object = is_partial_object(r);
      i.is_function = r.head.is_function;
      i.is_default = r.is_default;
      i.file = m.file;
      i.row = r.at.row;
      i.col = r.at.col;
      out.push_back(std::move(i));
    }
  return out;
}

namespace {

// Bindings by name and the literals' values, in one solution.
void write_solution(code_writer& w, unit_writer& u, const query& q,
                    const std::vector<int32_t>& captured) {
  std::vector<int32_t> pairs;
  var_set names;
  for (auto& e : q.literals)
    if (!e.negated)
      vars_in(e, names);
  for (auto& n : names)
    if (n[0] != '$' && w.bound(n)) {
      pairs.push_back(u.string(n.substr(0, n.find('#'))));
      pairs.push_back(*w.bound(n));
    }
  location at;
  auto bindings = w.fresh();
  w.emit_failing({op::object, 0, static_cast<uint16_t>(pairs.size()), bindings,
                  w.arguments(pairs)},
                 at);
  auto values = w.fresh();
  w.emit_failing({op::array, 0, static_cast<uint16_t>(captured.size()), values,
                  w.arguments(captured)},
                 at);
  w.emit({op::solution, 0, 0, 0, bindings, values}, at);
}

// Whether a reference has a variable key, or a built-in yields one result after
// the other; what comprehensions do within does not count.
bool iterates(const term& t) {
  if (t.body)
    return false;
  auto relation = [](const term& callee) {
    auto* b = builtin_table::instance().find(callee_name(callee));
    return b && b->relation;
  };
  if (t.kind == term_kind::call && relation(t.args[0]))
    return true;
  for (size_t i = 0; i < t.args.size(); ++i)
    if ((t.kind == term_kind::ref && i > 0 && t.args[i].kind == term_kind::var)
        || iterates(t.args[i]))
      return true;
  return false;
}

// One expression alone shows its value, false too; of several, or of one that
// is asked of many elements, all have to hold.
bool all_must_hold(const query& q) {
  return q.literals.size() > 1
         || std::any_of(q.literals[0].terms.begin(), q.literals[0].terms.end(),
                        [](const term& t) { return iterates(t); });
}

// Has it a value among the expressions of an answer? Declarations have not, nor
// what safety added.
bool is_shown(const expr& e) {
  return !e.text.empty() && e.kind != expr_kind::some;
}

void write_query(compiled_query& c, const query& q, unit_writer& u) {
  code_writer w(u);
  trace_node about;
  about.kind = trace_node_kind::query;
  u.tell(q, about);
  auto opened = w.enter(std::move(about), {1, 1, 0}, true);
  auto end = w.new_label();
  w.failing_to(end, [&] {
    std::vector<int32_t> values;
    for (size_t i = 0; i < q.literals.size(); ++i) {
      auto& e = q.literals[i];
      if (is_shown(e))
        w.traced(e, static_cast<int>(i), [&] {
          values.push_back(c.entry ? w.value_of(e.terms[0]) : w.captured(e));
        });
      else
        w.literal(e);
    }
    if (!c.entry && all_must_hold(q))
      for (auto v : values)
        w.emit_failing({op::truthy, 0, 0, 0, v}, {});
    w.exit(opened);
    if (c.entry)
      w.emit({op::solution, 1, 0, 0, values[0]}, {});
    else
      write_solution(w, u, q, values);
    w.redo(opened);
    w.jump(w.fail_label(), {});
  });
  w.place_label(end);
  w.emit({op::give_up}, {});
  c.registers = w.registers();
}

} // namespace

namespace {

result<prepared_ptr> prepare_all(policy_ptr p, std::string_view text,
                                 const prepare_options& o) {
  auto owner = std::static_pointer_cast<const compiled_policy>(p);
  auto* allowed = owner->options.capabilities.get();
  auto q = parse_query(text, {!o.v0_compatible, allowed});
  if (!q)
    return q.error_list();
  errors out;
  resolver r("", out, false);
  if (auto wrong = set_scope(r, o.imports, o.package, owner->tree);
      !wrong.empty())
    return wrong;
  auto c = std::make_shared<compiled_query>();
  c->owner = owner;
  c->prog = &owner->prog;
  c->entry = o.entry;
  if (o.entry
      && (q->literals.size() != 1 || q->literals[0].kind != expr_kind::term
          || (q->literals[0].terms[0].kind != term_kind::ref
              && q->literals[0].terms[0].kind != term_kind::var)))
    return error{"rego_parse_error", "expected one reference", "", 1, 1};
  std::vector<meant_name> meant;
  if (o.instrument)
    r.note_names(meant);
  r.resolve_query(*q);
  order_names(meant);
  auto arity = arity_in(owner->tree);
  if (out.empty())
    out = check_captures(*q, text, arity, std::move(r.later));
  if (out.empty())
    types::check_arities(owner->tree, *q, allowed, out);
  if (out.empty())
    append(out, check_safety(*q, arity));
  if (out.empty() && o.check_types)
    types::checker(owner->tree, owner->document_types, owner->base_types, "",
                   out)
        .check(*q);
  if (!out.empty())
    return out;
  for (auto& e : q->literals)
    if (is_shown(e))
      c->shown.push_back({e.text, e.at.row, e.at.col});
  unit_writer u(c->unit, c->memory, owner->tree);
  u.out = &out;
  u.current_file = u.file("");
  u.instrument = o.instrument;
  u.of_query = true;
  u.meant = &meant;
  write_query(*c, *q, u);
  if (!out.empty())
    return out;
  if (auto why = refusal_of(owner->prog, c->unit, c->registers, c->entry))
    return not_verified(*why);
  return prepared_ptr(std::move(c));
}

} // namespace

result<prepared_ptr> prepare(policy_ptr p, std::string_view text,
                             const prepare_options& o) {
  return within(o.limits, text.size(),
                [&] { return prepare_all(std::move(p), text, o); });
}

} // namespace rego
