// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Rules and functions: clauses, memo, partial documents.

#include <algorithm>
#include <array>
#include <memory_resource>

#include "machine/index.hpp"
#include "machine/machine.hpp"

namespace rego {

namespace {

constexpr uint8_t keyed_free = 8; // keys that are looked for one by one anyway

} // namespace

/// One element of a partial object: a path below it and what stands there.
struct insertion {
  const value* path;
  size_t size;
  value v;
  bool member;             // v is a member of the set there
  const code_position* at; // of the head that it comes from
};

value* machine::push_registers(int n) {
  if (end_register_ - next_register_ < n || depth_ >= options_.limits.depth)
    throw bound_reached{bound::depth};
  auto* out = next_register_;
  next_register_ += n;
  return out;
}

memo_entry& machine::memo_of(int slot) {
  return memo_.at(mem_, prog_->slots.size(), slot);
}

value machine::rule_value(int id) {
  auto& s = prog_->slots[static_cast<size_t>(id)];
  if (!masks_.empty() && masked(s.node)) {
    auto* b = base_at(s.node);
    return b ? *b : value();
  }
  auto& m = memo_of(id);
  if (m.state == memo_entry::state_type::known)
    return m.v;
  if (m.state == memo_entry::state_type::running)
    throw eval_failure{{"eval_internal_error",
                        "rule " + s.name + " depends on itself", "", 0, 0}};
  m.state = memo_entry::state_type::running;
  auto v = compute(s);
  m.v = v;
  m.state = prog_->reference ? memo_entry::state_type::unknown
                             : memo_entry::state_type::known;
  return v;
}

void machine::run_clauses(const rule_slot& s, frame& f) {
  f.slot = &s;
  f.unit = &prog_->unit;
  f.regs = push_registers(s.registers);
  ++depth_;
  run_candidates(s, f);
  --depth_;
  next_register_ = f.regs;
}

// Null where there is none to use: it knows nothing of replaced built-ins.
const rule_index* machine::index_of(const rule_slot& s) const {
  auto* index = s.index.get();
  return index && index->assumes_builtins && !replacements_.empty() ? nullptr
                                                                    : index;
}

index_roots machine::roots(const value* arguments) const {
  return {input_, base_, arguments};
}

// The clauses that the index leaves, or all.
void machine::run_candidates(const rule_slot& s, frame& f) {
  if (auto* index = index_of(s))
    return run_indexed(s, *index, f);
  for (auto& c : s.clauses) {
    execute(f, c.entry);
    if (f.finished)
      return;
  }
}

// Mostly it leaves one list.
void machine::run_indexed(const rule_slot& s, const rule_index& index,
                          frame& f) {
  std::span<const uint32_t> one;
  bool several = false;
  uint64_t work = 0;
  index.each(0, roots(f.regs), !failures_show(), work,
             [&](const std::vector<uint32_t>& list) {
               several = !one.empty();
               if (!several)
                 one = list;
               return !several;
             });
  if (several)
    return run_several(s, index, f);
  work_ += work;
  run_chosen(s, index, one, f);
}

// Clauses of several lists are brought into their order, which shows in errors,
// prints and traces.
void machine::run_several(const rule_slot& s, const rule_index& index,
                          frame& f) {
  std::array<std::byte, 256> room;
  std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
  std::pmr::vector<uint32_t> chosen(&memory);
  index.each(0, roots(f.regs), !failures_show(), work_,
             [&](const std::vector<uint32_t>& list) {
               chosen.insert(chosen.end(), list.begin(), list.end());
               return true;
             });
  std::sort(chosen.begin(), chosen.end());
  run_chosen(s, index, chosen, f);
}

void machine::run_chosen(const rule_slot& s, const rule_index& index,
                         std::span<const uint32_t> chosen, frame& f) {
  bool all = index.shown.empty();
  for (auto c : chosen)
    if (all || index.admits(c, roots(f.regs))) {
      execute(f, s.clauses[c].entry);
      if (f.finished)
        return;
    }
}

value machine::compute(const rule_slot& s) {
  frame f(mem_);
  run_clauses(s, f);
  value out;
  switch (s.kind) {
  case rule_kind::set:
    out = f.items.set();
    break;
  case rule_kind::object:
    out = finish_object(s, f);
    break;
  default:
    if (!f.result.defined() && s.has_default) {
      next_register_ += s.registers;
      ++depth_;
      execute(f, s.default_clause.entry);
      --depth_;
      next_register_ = f.regs;
    }
    out = f.result;
  }
  return out;
}

value machine::apply_function(const rule_slot& s, const value* args) {
  frame f(mem_);
  f.slot = &s;
  f.unit = &prog_->unit;
  f.regs = push_registers(std::max(s.registers, s.arity));
  std::copy(args, args + s.arity, f.regs);
  ++depth_;
  run_candidates(s, f);
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
  return remembered_call(i.b, s, args);
}

namespace {

bool is_same(const value& a, const value& b) {
  return a.type() == b.type() && a.raw_bits() == b.raw_bits()
         && a.is_integer() == b.is_integer();
}

// A key may be made anew each time that it is asked for.
bool is_same_key(const value& a, const value& b) {
  if (is_same(a, b) || (a.is_string() && equal(a, b)))
    return true;
  return a.is_array() && b.is_array()
         && std::equal(a.items().begin(), a.items().end(), b.items().begin(),
                       b.items().end(), is_same_key);
}

} // namespace

// A call with the very same arguments (by identity) in the same context is
// looked up in a small direct-mapped table; keys of documents, whose slots are
// below 0, have places that hang on no address. Without a hit the entry is free
// to be filled; what it is for is in it already.
call_entry* machine::remembered(int slot, std::span<const value> args,
                                bool& hit) {
  auto h =
      (context_id_ * 31 + static_cast<uint64_t>(slot)) * 0x9E3779B97F4A7C15u;
  for (auto& a : args)
    h = (h ^ (slot < 0 ? value_hash(a) : a.raw_bits())) * 0xD6E8FEB86659FD93u;
  auto& e = calls_[h >> 55];
  hit = e.context == context_id_ && e.slot == slot;
  for (size_t i = 0; hit && i < args.size(); ++i)
    hit = slot < 0 ? is_same_key(e.args[i], args[i])
                   : is_same(e.args[i], args[i]);
  return &e;
}

value machine::remembered_call(int slot, const rule_slot& s,
                               std::span<const value> args) {
  if (args.size() > call_entry::arguments_max || prog_->reference)
    return apply_function(s, args.data());
  bool hit = false;
  auto* e = remembered(slot, args, hit);
  if (hit)
    return e->result;
  call_entry fresh{context_id_, slot, {}, {}};
  std::copy(args.begin(), args.end(), fresh.args);
  fresh.result = apply_function(s, args.data());
  *e = fresh;
  return fresh.result;
}

// One key of a partial document: its clauses run with the key given, the first
// few times and as long as all keys together took less than the whole document
// would; who goes on asking gets that, so that he pays twice at most. Where
// other rules are below they may ask for keys while the whole document is made.
value machine::rule_at(int slot, const value& key) {
  auto& s = prog_->slots[static_cast<size_t>(slot)];
  // Of collections only the arrays that clauses take apart.
  bool whole = s.keyed.empty() || key.depth() > 1
               || (key.is_collection() && !key.is_array())
               || (!masks_.empty() && masked(s.node));
  if (whole)
    return lookup(rule_value(slot), key);
  auto& m = memo_of(slot);
  if (m.state == memo_entry::state_type::known
      || (m.state != memo_entry::state_type::unknown && !s.has_children))
    return lookup(rule_value(slot), key);
  bool hit = false;
  // Slots from -2 down, so that they are no function's.
  auto* e = remembered(-2 - slot, {&key, 1}, hit);
  if (hit)
    return e->result;
  if (m.keyed >= keyed_free && m.keyed_work > m.whole_work && !s.has_children)
    return lookup(rule_value(slot), key);
  auto v = weighed_at(s, key, m);
  *e = {context_id_, -2 - slot, {key}, v};
  return v;
}

// Had the key not been given, what it spared would have been visited, each
// element for some of the work that this one took.
value machine::weighed_at(const rule_slot& s, const value& key, memo_entry& m) {
  constexpr uint64_t each_max = 16;
  auto work = work_, spared = spared_;
  auto memo = memo_;
  auto v = compute_at(s, key);
  memo_ = memo;
  work = work_ - work;
  auto whole = work + std::min(work, each_max) * (spared_ - spared);
  auto narrow = [](uint64_t n) {
    return static_cast<uint32_t>(std::min<uint64_t>(n, UINT32_MAX));
  };
  m.keyed += m.keyed < keyed_free;
  m.keyed_work = narrow(m.keyed_work + work);
  m.whole_work = std::max(m.whole_work, narrow(whole));
  return v;
}

value machine::compute_at(const rule_slot& s, const value& key) {
  frame f(mem_);
  f.slot = &s;
  f.unit = &prog_->unit;
  f.regs = push_registers(std::max(s.registers, 1));
  f.regs[0] = key;
  ++depth_;
  value out;
  for (auto& c : s.keyed) {
    execute(f, c.entry);
    if (s.kind == rule_kind::set && f.items.size())
      break;
  }
  if (s.kind == rule_kind::set)
    out = f.items.size() ? key : value();
  else
    out = lookup(finish_object(s, f, &key), key);
  --depth_;
  next_register_ = f.regs;
  return out;
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

// Encoded in the frame's items: member?, instruction, path..., value.
void machine::insert(frame& f, const insn& i) {
  f.items.push(value::boolean(i.x != 0));
  f.items.push(value::integer(&i - f.unit->code.data()));
  for (size_t k = 0; k < i.n; ++k)
    f.items.push(in(f, f.unit->args[static_cast<size_t>(i.c) + k]));
  f.items.push(in(f, i.b));
}

// What a rule's clauses inserted, below a path.
void machine::decode_insertions(frame& f, std::span<const value> prefix,
                                std::vector<insertion>& list) {
  auto items = f.items.array().items();
  for (size_t i = 0; i < items.size();) {
    auto& by = f.unit->code[static_cast<size_t>(items[i + 1].as_integer())];
    size_t n = by.n;
    auto* path = &items[i + 2];
    if (!prefix.empty()) {
      auto* longer = mem_.allocate_array<value>(prefix.size() + n);
      std::copy(prefix.begin(), prefix.end(), longer);
      std::copy(path, path + n, longer + prefix.size());
      path = longer;
    }
    list.push_back({path, prefix.size() + n, items[i + 2 + n],
                    items[i].as_boolean(), &f.unit->places[by.place]});
    i += n + 3;
  }
}

// The documents of the rules below a node as insertions of its own; `only` is
// the one key that is asked for.
void machine::insert_children(int node, std::vector<value>& prefix,
                              std::vector<insertion>& list, const value* only) {
  for (auto c : prog_->nodes[static_cast<size_t>(node)].children) {
    auto& n = prog_->nodes[static_cast<size_t>(c)];
    if (!n.document || (only && !equal(n.key, *only)))
      continue;
    prefix.push_back(n.key);
    auto* path = make_array(mem_, prefix).items().data();
    if (n.slot >= 0) {
      auto& s = prog_->slots[static_cast<size_t>(n.slot)];
      if (s.kind == rule_kind::object) {
        frame f(mem_);
        run_clauses(s, f);
        decode_insertions(f, prefix, list);
      } else if (auto v = rule_value(n.slot); s.kind == rule_kind::set) {
        list.push_back({path, prefix.size(), value(), true, &s.at});
        for (auto& m : v.keys())
          list.push_back({path, prefix.size(), m, true, &s.at});
      } else if (v.defined()) {
        list.push_back({path, prefix.size(), v, false, &s.at});
      }
    }
    insert_children(c, prefix, list, nullptr);
    prefix.pop_back();
  }
}

value machine::finish_object(const rule_slot& s, frame& f, const value* only) {
  std::vector<insertion> list;
  decode_insertions(f, {}, list);
  if (s.has_children) {
    std::vector<value> prefix;
    insert_children(s.node, prefix, list, only);
  }
  // A rule of the ground prefix itself (p := {...}) next to p[x] := ...
  std::vector<insertion> rest;
  value whole_value;
  for (auto& x : list) {
    if (x.size)
      rest.push_back(x);
    else if (x.member)
      refuse(f, x);
    else
      whole_value = x.v;
  }
  auto out = nested_object(rest, 0, f);
  return whole_value.defined() ? merged(whole_value, out) : out;
}

value machine::nested_object(std::vector<insertion>& list, size_t depth,
                             frame& f) {
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
    out.add(list[i].path[depth], joined(group, depth, f));
    i = end;
  }
  return out.finish();
}

// What stands at one key. As in OPA whole values may come behind the parts of
// the same object, and parts not behind a whole value.
value machine::joined(std::vector<insertion>& group, size_t depth, frame& f) {
  auto is_part = [&](auto& g) { return g.size > depth + 1; };
  auto whole = std::find_if_not(group.begin(), group.end(), is_part);
  std::vector<insertion> parts(group.begin(), whole);
  bool unique = std::none_of(whole, group.end(), is_part)
                && std::all_of(whole, group.end(), [&](auto& g) {
                     return g.member == whole->member;
                   });
  bool set = whole != group.end() && whole->member;
  value out;
  if (set) {
    unique = unique && parts.empty();
    array_builder members(mem_);
    for (auto at = whole; at != group.end(); ++at)
      if (at->v.defined())
        members.push(at->v);
    out = members.set();
  } else if (unique) {
    out = parts.empty() ? whole->v : nested_object(parts, depth + 1, f);
    unique = std::all_of(whole, group.end(),
                         [&](auto& g) { return equal(g.v, out); });
  }
  if (!unique)
    refuse(f, *std::find_if(whole, group.end() - 1, [&](auto& g) {
             return is_part(g) || g.member != whole->member || !equal(g.v, out);
           }));
  return out;
}

// An insertion that contradicts one before it.
void machine::refuse(frame& f, const insertion& x) {
  throw eval_failure{{"eval_conflict_error", "object keys must be unique",
                      f.unit->files[x.at->file], x.at->row, x.at->col}};
}

} // namespace rego
