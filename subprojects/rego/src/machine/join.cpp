// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Joins and remembered comprehensions while running.

#include "core/elements.hpp"
#include "machine/by_key.hpp"
#include "machine/machine.hpp"

namespace rego {

namespace {

constexpr uint32_t join_from = 16; // smaller collections are scanned

value at_path(value v, const value& path) {
  for (auto& k : path.items()) {
    if (!v.defined())
      break;
    v = lookup(v, k);
  }
  return v;
}

// What `part` gives for each, as one key; undefined where one of them is.
template <class Part>
value key_of(arena& a, size_t parts, const Part& part) {
  if (parts == 1)
    return part(0);
  array_builder all(a);
  for (size_t k = 0; k < parts; ++k) {
    auto v = part(k);
    if (!v.defined())
      return {};
    all.push(v);
  }
  return all.array();
}

std::span<const value> values_in(const value& c) {
  return c.is_array() ? c.items() : c.is_object() ? c.values() : c.keys();
}

} // namespace

by_key* machine::build_join(const frame& f, const insn& i,
                            const value& container) {
  auto list = values_in(container);
  work_ += list.size();
  auto* args = &f.unit->args[static_cast<size_t>(i.c)];
  auto key = [&](size_t n) {
    return key_of(mem_, i.n / 2, [&](size_t k) {
      return at_path(list[n], in(f, args[2 * k + 1]));
    });
  };
  return make_by_key(mem_, list.size(), key, [&](size_t k) { return list[k]; });
}

// The elements that can match: all of them the first time, as most scans come
// once; by the table from the second time on.
value machine::join(const frame& f, const insn& i) {
  auto& container = in(f, i.b);
  if (!container.is_collection() || container.size() < join_from)
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
  auto* args = &f.unit->args[static_cast<size_t>(i.c)];
  auto found = e.table->with(
      key_of(mem_, i.n / 2, [&](size_t k) { return in(f, args[2 * k]); }));
  return adopt_elements(mem_, found.data(), found.size(), container);
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
