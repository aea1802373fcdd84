// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Rules and functions: clauses, memo, partial documents.

#include <algorithm>
#include <cstring>

#include "machine/machine.hpp"

namespace rego {

/// One element of a partial object: a path below it and what stands there.
struct insertion {
  const value* path;
  size_t size;
  value v;
  bool member; // v is a member of the set there
};

value* machine::push_registers(int n) {
  if (end_register_ - next_register_ < n || depth_ >= options_.limits.depth)
    throw eval_failure{
        {"eval_cancel_error", "calls are nested too deeply", "", 0, 0}};
  auto* out = next_register_;
  next_register_ += n;
  return out;
}

value machine::rule_value(int id) {
  auto& s = prog_->slots[static_cast<size_t>(id)];
  if (!masks_.empty() && masked(s.node)) {
    auto* b = base_at(s.node);
    return b ? *b : value();
  }
  if (!memo_) {
    auto n = prog_->slots.size();
    memo_ = mem_.allocate_array<memo_entry>(n);
    std::memset(static_cast<void*>(memo_), 0, n * sizeof(memo_entry));
  }
  auto& m = memo_[id];
  if (m.state == memo_entry::state_type::known)
    return m.v;
  if (m.state == memo_entry::state_type::running)
    throw eval_failure{{"eval_internal_error",
                        "rule " + s.name + " depends on itself", "", 0, 0}};
  m.state = memo_entry::state_type::running;
  auto v = compute(s);
  m.v = v;
  m.state = memo_entry::state_type::known;
  return v;
}

value machine::compute(const rule_slot& s) {
  frame f(mem_);
  f.slot = &s;
  f.unit = &prog_->unit;
  f.regs = push_registers(s.registers);
  ++depth_;
  for (auto& c : s.clauses) {
    execute(f, c.entry);
    if (f.finished)
      break;
  }
  value out;
  switch (s.kind) {
  case rule_kind::set:
    out = f.items.set();
    break;
  case rule_kind::object:
    out = finish_object(s, f);
    break;
  default:
    if (!f.result.defined() && s.has_default)
      execute(f, s.default_clause.entry);
    out = f.result;
  }
  --depth_;
  next_register_ = f.regs;
  return out;
}

value machine::apply_function(const rule_slot& s, const value* args) {
  frame f(mem_);
  f.slot = &s;
  f.unit = &prog_->unit;
  f.regs = push_registers(std::max(s.registers, s.arity));
  std::copy(args, args + s.arity, f.regs);
  ++depth_;
  for (auto& c : s.clauses) {
    execute(f, c.entry);
    if (f.finished)
      break;
  }
  if (!f.result.defined() && s.has_default)
    execute(f, s.default_clause.entry);
  --depth_;
  next_register_ = f.regs;
  return f.result;
}

value machine::call_function(frame& f, const insn& i, bool& failed) {
  value room[16];
  auto args = gather(f, i.c, i.n, room);
  auto& s = prog_->slots[static_cast<size_t>(i.b)];
  if (!replacements_.empty())
    if (auto* r = replaced(false, i.b))
      return call_replacement(f, *r, args);
  if (args.size() < static_cast<size_t>(s.arity)) {
    failed = true;
    return {};
  }
  return apply_function(s, args.data());
}

void machine::rule_result(frame& f, const value& v) {
  if (!f.result.defined()) {
    f.result = v;
    return;
  }
  if (equal(f.result, v))
    return;
  bool function = f.slot && f.slot->kind == rule_kind::function;
  fail(f, "eval_conflict_error",
       function ? "functions must not produce multiple outputs for same inputs"
                : "complete rules must not produce multiple outputs");
}

// Encoded in the frame's items: member?, size, path..., value.
void machine::insert(frame& f, const insn& i) {
  f.items.push(value::boolean(i.x != 0));
  f.items.push(value::integer(i.n));
  for (size_t k = 0; k < i.n; ++k)
    f.items.push(in(f, f.unit->args[static_cast<size_t>(i.c) + k]));
  f.items.push(in(f, i.b));
}

value machine::finish_object(const rule_slot& s, frame& f) {
  std::vector<insertion> list;
  auto items = f.items.array().items();
  for (size_t i = 0; i < items.size();) {
    auto n = static_cast<size_t>(items[i + 1].as_integer());
    list.push_back({&items[i + 2], n, items[i + 2 + n], items[i].as_boolean()});
    i += n + 3;
  }
  value out;
  // A rule of the ground prefix itself (p := {...}) next to p[x] := ...
  bool whole_documents = std::any_of(list.begin(), list.end(),
                                     [](auto& x) { return x.size == 0; });
  if (whole_documents) {
    out = object_builder(mem_).finish();
    std::vector<insertion> rest;
    for (auto& x : list)
      if (x.size == 0)
        out = merged(out, x.v);
      else
        rest.push_back(x);
    if (!rest.empty())
      out = merged(nested_object(rest, 0, f), out);
  } else {
    out = nested_object(list, 0, f);
  }
  if (s.has_children)
    merge_children(s, f, out);
  return out;
}

value machine::nested_object(std::vector<insertion>& list, size_t depth,
                             const frame& f) {
  std::stable_sort(list.begin(), list.end(), [&](auto& a, auto& b) {
    return compare(a.path[depth], b.path[depth]) < 0;
  });
  object_builder out(mem_);
  for (size_t i = 0; i < list.size();) {
    auto end = i + 1;
    while (end < list.size()
           && equal(list[i].path[depth], list[end].path[depth]))
      ++end;
    std::vector<insertion> group(list.begin() + static_cast<long>(i),
                                 list.begin() + static_cast<long>(end));
    auto& key = list[i].path[depth];
    bool deeper = group[0].size > depth + 1;
    for (auto& g : group)
      if ((g.size > depth + 1) != deeper || g.member != group[0].member)
        fail(f, "eval_conflict_error", "object keys must be unique");
    if (deeper) {
      out.add(key, nested_object(group, depth + 1, f));
    } else if (group[0].member) {
      array_builder set(mem_);
      for (auto& g : group)
        set.push(g.v);
      out.add(key, set.set());
    } else {
      for (auto& g : group)
        if (!equal(g.v, group[0].v))
          fail(f, "eval_conflict_error", "object keys must be unique");
      out.add(key, group[0].v);
    }
    i = end;
  }
  return out.finish();
}

void machine::merge_children(const rule_slot& s, const frame& f,
                             value& object) {
  object_builder more(mem_);
  for (auto c : prog_->nodes[static_cast<size_t>(s.node)].children) {
    auto& n = prog_->nodes[static_cast<size_t>(c)];
    if (!n.document)
      continue;
    auto v = n.slot >= 0 ? rule_value(n.slot) : whole(c);
    if (!v.defined() || (n.slot < 0 && v.size() == 0))
      continue;
    auto there = lookup(object, n.key);
    if (there.defined() && !(there.is_object() && v.is_object())
        && !equal(there, v))
      fail(f, "eval_conflict_error", "object keys must be unique");
    more.add(n.key, v);
  }
  object = merged(object, more.finish());
}

} // namespace rego
