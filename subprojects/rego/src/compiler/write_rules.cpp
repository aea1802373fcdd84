// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Instructions for rules: clauses, else, defaults, partial documents.

#include <algorithm>

#include "compiler/annotations.hpp"
#include "compiler/code_writer.hpp"
#include "compiler/compile.hpp"
#include "compiler/make_index.hpp"
#include "parser/place.hpp"
#include "rego/build.hpp"

namespace rego {

namespace {

// Everything but a function has a value, if only an empty object.
bool has_documents(const rule_tree_node& n) {
  return n.rules.empty() || !n.rules[0].r->head.is_function;
}

rule_kind kind_of(const rule_tree_node& n) {
  auto& e = n.rules[0];
  if (e.r->head.is_function)
    return rule_kind::function;
  for (auto& x : n.rules)
    if (!x.suffix.empty())
      return rule_kind::object;
  return e.r->head.is_set ? rule_kind::set : rule_kind::complete;
}

int allot_node(compiled_policy& p, rule_tree_node& n, int parent) {
  auto index = static_cast<int>(p.prog.nodes.size());
  n.index = index;
  p.prog.nodes.emplace_back();
  p.prog.nodes.back().parent = parent;
  p.prog.nodes.back().document = n.package || has_documents(n);
  if (n.parent)
    p.prog.nodes.back().key =
        unit_writer(p.prog.unit, p.prog.memory, p.tree).ground(n.key_term);
  if (!n.rules.empty()) {
    n.slot = static_cast<int>(p.prog.slots.size());
    p.prog.nodes[static_cast<size_t>(index)].slot = n.slot;
    rule_slot s;
    s.kind = kind_of(n);
    s.name = path_text(n);
    s.node = index;
    for (auto& [k, c] : n.children)
      s.has_children |= has_documents(*c);
    // Documents below make it an object.
    if (s.has_children && s.kind == rule_kind::complete
        && n.rules[0].r->is_default)
      s.has_children = false;
    s.arity = s.kind == rule_kind::function
                  ? static_cast<int>(n.rules[0].r->head.args.size())
                  : 0;
    p.prog.slots.push_back(std::move(s));
  }
  object_builder children(p.prog.memory);
  std::vector<int> list;
  for (auto& [k, c] : n.children) {
    auto i = allot_node(p, *c, index);
    list.push_back(i);
    children.add(p.prog.nodes[static_cast<size_t>(i)].key, value::integer(i));
  }
  auto& node = p.prog.nodes[static_cast<size_t>(index)];
  node.children = std::move(list);
  node.child_index = children.finish();
  return index;
}

// The value of a head where it is a scalar constant, for early exit.
const term* constant_value(const rule& r) {
  return is_scalar(r.head.value) ? &r.head.value : nullptr;
}

bool all_same_constant(const rule_tree_node& n) {
  const term* first = nullptr;
  for (auto& e : n.rules) {
    if (e.r->is_default)
      continue;
    for (auto* x = e.r; x; x = x->otherwise.get()) {
      auto* v = constant_value(*x);
      if (!v || (first && key_text(*v) != key_text(*first)))
        return false;
      first = v;
    }
  }
  return true;
}

class rule_writer {
public:
  rule_writer(unit_writer& u, rule_slot& slot, const rule_tree_node& n,
              annotation_set& notes)
      : u_(u), slot_(slot), same_(all_same_constant(n)), notes_(notes) {}

  void write(const rule_entry& e, bool keyed = false) {
    u_.current_file = u_.file(e.mod->file);
    u_.meant = u_.instrument ? &e.mod->meant : nullptr;
    annotate(e, *e.r);
    code_writer w(u_);
    for (int i = 0; i < slot_.arity + keyed; ++i)
      w.reserve();
    clause c;
    c.entry = static_cast<uint32_t>(u_.unit.code.size());
    c.at = {u_.current_file, e.r->at.row, e.r->at.col};
    auto end = w.new_label();
    w.failing_to(end, [&] {
      for (size_t i = 0; i < e.r->head.args.size(); ++i)
        w.match(e.r->head.args[i], static_cast<int32_t>(i));
      if (keyed)
        w.match_given(first_key(e), 0);
      chain(w, e, end);
    });
    w.place_label(end);
    w.emit({op::give_up}, e.r->at);
    slot_.registers = std::max(slot_.registers, w.registers());
    if (keyed) {
      slot_.keyed.push_back(c);
      return;
    }
    if (slot_.clauses.empty())
      slot_.at = c.at;
    if (e.r->is_default) {
      slot_.has_default = true;
      slot_.default_clause = c;
    } else {
      slot_.clauses.push_back(c);
    }
  }

  /// Is the first value the only one that the clauses can have?
  bool exits_early() const {
    return same_
           && (slot_.kind == rule_kind::complete
               || slot_.kind == rule_kind::function);
  }

  /// Can each clause be asked for one key of the document?
  static bool keyable(const rule_slot& s, const rule_tree_node& n) {
    if (s.kind != rule_kind::object && s.kind != rule_kind::set)
      return false;
    return std::all_of(n.rules.begin(), n.rules.end(), [&](auto& e) {
      if (e.r->otherwise || e.r->is_default
          || (s.kind == rule_kind::object && e.suffix.empty()))
        return false;
      auto& k = first_key(e);
      return is_given(k)
             || (k.kind == term_kind::array
                 && std::all_of(k.args.begin(), k.args.end(), is_given));
    });
  }

private:
  static bool is_given(const term& k) {
    return is_scalar(k) || (k.kind == term_kind::var && !is_root(k.text));
  }

  static const term& first_key(const rule_entry& e) {
    return e.suffix.empty() ? e.r->head.key : e.suffix[0];
  }

  // What a clause says of itself; `r` is its rule, or one behind an else.
  void annotate(const rule_entry& e, const rule& r) {
    if (!notes_.asked_for(*e.mod))
      return;
    u_.metadata_chain = notes_.chain(*e.mod, *e.r, &r != e.r);
    u_.metadata_rule = notes_.own(*e.r, &r != e.r);
  }

  // A clause and its else branches: the first that has a value wins.
  void chain(code_writer& w, const rule_entry& e, int end) {
    auto whole = source_of(e);
    int branch = 0;
    for (auto* r = e.r; r; r = r->otherwise.get()) {
      if (r != e.r)
        annotate(e, *r);
      int32_t flag = 0;
      if (r->otherwise) {
        flag = w.fresh();
        w.emit({op::move, 0, 0, flag, u_.constant(value())}, r->at);
      }
      trace_node about;
      about.kind = trace_node_kind::rule;
      about.text = about.full = slot_.name;
      about.whole = whole;
      about.index = branch++;
      auto opened = w.enter(std::move(about), r->head.at, false);
      auto keys =
          u_.instrument ? case_keys(e.r->head.ref) : std::vector<term>();
      if (!keys.empty())
        w.announce_case(keys, r->body, r->head.at);
      w.body(r->body, [&] {
        emit_result(w, e, *r, end, opened);
        if (r->otherwise && !constant_value(*r))
          w.emit({op::move, 0, 0, flag, u_.constant(value::boolean(true))},
                 r->at);
        w.redo(opened);
      });
      w.leave(opened);
      if (r->otherwise && !constant_value(*r)) {
        auto next = w.new_label();
        w.failing_to(next, [&] {
          w.emit_failing({op::defined, 0, 0, 0, flag}, r->at);
        });
        w.jump(end, r->at);
        w.place_label(next);
      }
    }
  }

  // A further body of a rule has the head that was written before the first.
  std::shared_ptr<const std::string> source_of(const rule_entry& e) const {
    if (!u_.instrument)
      return nullptr;
    auto out = u_.in_full(e.r->text, e.r->at.offset);
    auto head = places(e.mod->source).text(e.r->head.where);
    if (e.r->chained)
      out = u_.in_full(head, e.r->head.where.begin) + " " + out;
    return std::make_shared<const std::string>(std::move(out));
  }

  void emit_result(code_writer& w, const rule_entry& e, const rule& r, int end,
                   const code_writer::open_query& opened) {
    auto& h = r.head;
    if (slot_.kind == rule_kind::set) {
      w.emit({op::member, 0, 0, 0, w.value_of(h.key)}, h.at);
      w.exit(opened);
      return;
    }
    if (slot_.kind == rule_kind::object) {
      std::vector<int32_t> path;
      for (auto& s : e.suffix)
        path.push_back(w.value_of(s));
      auto v = w.value_of(h.is_set ? h.key : h.value);
      w.emit({op::insert, static_cast<uint8_t>(h.is_set ? 1 : 0),
              w.count_of(path.size()), 0, v, w.arguments(path)},
             h.at);
      w.exit(opened);
      return;
    }
    w.emit({op::result, 0, 0, 0, w.value_of(h.value)}, h.at);
    w.exit(opened);
    if (!r.is_default && constant_value(r)) {
      w.leave(opened);
      if (same_ && u_.early_exit)
        w.emit({op::finish}, h.at);
      else if (!u_.reference || r.otherwise)
        w.jump(end, h.at);
    }
  }

  unit_writer& u_;
  rule_slot& slot_;
  bool same_;
  annotation_set& notes_;
};

void write_node(compiled_policy& p, unit_writer& u, const rule_tree_node& n,
                annotation_set& notes) {
  if (n.slot >= 0) {
    rule_writer w(u, p.prog.slots[static_cast<size_t>(n.slot)], n, notes);
    for (auto& e : n.rules)
      w.write(e);
    if (u.index
        && rule_writer::keyable(p.prog.slots[static_cast<size_t>(n.slot)], n))
      for (auto& e : n.rules)
        w.write(e, true);
    if (u.index)
      p.prog.slots[static_cast<size_t>(n.slot)].index = make_index(u, n);
    p.prog.slots[static_cast<size_t>(n.slot)].early_exit =
        w.exits_early() && u.early_exit;
  }
  for (auto& [k, c] : n.children)
    write_node(p, u, *c, notes);
}

} // namespace

void allot(compiled_policy& p) {
  allot_node(p, p.tree.root(), -1);
}

void write_rules(compiled_policy& p, annotation_set& notes, errors& out) {
  unit_writer u(p.prog.unit, p.prog.memory, p.tree);
  u.out = &out;
  u.reference = p.options.reference;
  u.index = p.options.index && !p.options.reference;
  u.early_exit = p.options.early_exit && !p.options.reference;
  u.instrument = p.options.instrument;
  p.prog.reference = p.options.reference;
  write_node(p, u, p.tree.root(), notes);
}

} // namespace rego
