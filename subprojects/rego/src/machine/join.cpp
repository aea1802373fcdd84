// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Joins and remembered comprehensions while running.

#include <bit>
#include <cstring>

#include "core/elements.hpp"
#include "machine/machine.hpp"

namespace rego {

/// Elements of a collection by the scalar at a path of theirs.
struct join_table {
  struct slot {
    value key;
    uint32_t count;
    uint32_t start;
  };
  slot* slots;
  uint32_t mask;
  value* items; // elements, grouped
};

namespace {

constexpr uint32_t join_from = 16; // smaller collections are scanned

value at_path(value v, const code_unit& unit, const insn& i) {
  for (size_t k = 1; k < i.n && v.defined(); ++k) {
    auto o = unit.args[static_cast<size_t>(i.c) + k];
    v = lookup(v, unit.constants[static_cast<size_t>(~o)]);
  }
  return v;
}

join_table::slot& slot_of(const join_table& t, const value& key) {
  for (auto h = scalar_hash(key);; ++h) {
    auto& s = t.slots[h & t.mask];
    if (!s.key.defined() || equal(s.key, key))
      return s;
  }
}

std::span<const value> values_in(const value& c) {
  return c.is_array() ? c.items() : c.is_object() ? c.values() : c.keys();
}

} // namespace

// Two passes: count by key, then lay the elements out group by group.
join_table* machine::build_join(const frame& f, const insn& i,
                                const value& container) {
  auto list = values_in(container);
  auto n = static_cast<uint32_t>(list.size());
  auto size = std::bit_ceil(n * 2);
  auto* t = mem_.allocate_array<join_table>(1);
  t->mask = size - 1;
  t->slots = mem_.allocate_array<join_table::slot>(size);
  std::memset(static_cast<void*>(t->slots), 0, size * sizeof(join_table::slot));
  t->items = mem_.allocate_array<value>(n);
  auto* where = mem_.allocate_array<join_table::slot*>(n);
  for (uint32_t k = 0; k < n; ++k) {
    auto key = at_path(list[k], *f.unit, i);
    where[k] = nullptr;
    if (!key.defined() || key.is_collection())
      continue;
    auto& s = slot_of(*t, key);
    s.key = key;
    ++s.count;
    where[k] = &s;
  }
  uint32_t at = 0;
  for (uint32_t k = 0; k <= t->mask; ++k) {
    t->slots[k].start = at;
    at += t->slots[k].count;
    t->slots[k].count = 0;
  }
  for (uint32_t k = 0; k < n; ++k)
    if (where[k])
      t->items[where[k]->start + where[k]->count++] = list[k];
  work_ += n;
  return t;
}

// The elements that can match: all of them the first time, as most scans come
// once; by the table from the second time on.
value machine::join(const frame& f, const insn& i) {
  auto& container = in(f, i.b);
  auto& key = in(f, f.unit->args[static_cast<size_t>(i.c)]);
  if (!container.is_collection() || container.size() < join_from
      || key.is_collection())
    return container;
  auto& e =
      joins_[(reinterpret_cast<uintptr_t>(&i) / sizeof(insn)) % joins_.size()];
  auto* p = container.as_pointer();
  if (e.at != &i || e.container != p || e.evaluation != evaluation_id_) {
    e = {evaluation_id_, &i, p, nullptr};
    return container;
  }
  if (!e.table)
    e.table = build_join(f, i, container);
  auto& s = slot_of(*e.table, key);
  return adopt_elements(mem_, e.table->items + s.start, s.count, container);
}

machine::recall_entry* machine::recall_slot(const frame& f, const insn& i) {
  auto h = (context_id_ + static_cast<uint64_t>(i.x)) * 0x9E3779B97F4A7C15u
           + static_cast<uint64_t>(i.c) * 0xD6E8FEB86659FD93u;
  for (size_t k = 0; k < i.n; ++k) {
    auto& v = in(f, f.unit->args[static_cast<size_t>(i.c) + k]);
    if (v.is_collection())
      return nullptr;
    h = (h ^ scalar_hash(v)) * 0x9E3779B97F4A7C15u;
  }
  return &recalls_[(h >> 32) % recalls_.size()];
}

bool machine::recall(frame& f, const insn& i) {
  auto* e = recall_slot(f, i);
  if (!e || e->context != context_id_ || e->args != i.c || e->unit != f.unit)
    return false;
  for (size_t k = 0; k < i.n; ++k)
    if (!equal(e->key[k], in(f, f.unit->args[static_cast<size_t>(i.c) + k])))
      return false;
  f.regs[i.a] = e->result;
  return true;
}

void machine::remember(const frame& f, const insn& i) {
  auto* e = recall_slot(f, i);
  if (!e)
    return;
  e->context = context_id_;
  e->unit = f.unit;
  e->args = i.c;
  for (size_t k = 0; k < i.n; ++k)
    e->key[k] = in(f, f.unit->args[static_cast<size_t>(i.c) + k]);
  e->result = f.regs[i.a];
}

} // namespace rego
