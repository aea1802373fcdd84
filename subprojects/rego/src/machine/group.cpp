// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Comprehensions grouped by a key that a variable around them is compared with.
// The first time, rows of one key are gathered alone, as most comprehensions
// are evaluated once; from the second time on in one context all are kept.

#include "machine/builders.hpp"
#include "machine/by_key.hpp"
#include "machine/machine.hpp"

namespace rego {

namespace {

// Kept rows may take about a quarter of an evaluation's memory, and of what is
// left of it: a row takes some 250 bytes.
constexpr size_t row_share = 1024;

bool identical(const value& a, const value& b) {
  return a.type() == b.type() && a.raw_bits() == b.raw_bits()
         && a.is_integer() == b.is_integer();
}

} // namespace

// The entry for the comprehension whose list is at args[c], else the one to
// take for it. Its key is the list's first operand, and not looked at here.
machine::group_entry& machine::group_of(const frame& f, const insn& i,
                                        bool& hit) {
  constexpr size_t ways = 4;
  auto h = (reinterpret_cast<uintptr_t>(f.unit) / alignof(code_unit)
            + static_cast<uint64_t>(i.c) * 0xD6E8FEB86659FD93u)
           * 0x9E3779B97F4A7C15u;
  auto* set = &groups_[(h >> 32) % (groups_.size() / ways) * ways];
  auto* free = set;
  for (size_t k = 0; k < ways; ++k) {
    auto& e = set[k];
    if (e.unit != f.unit || e.args != i.c || e.context < evaluation_id_) {
      if (e.context < free->context)
        free = &e;
      continue;
    }
    hit = e.context == context_id_;
    for (size_t n = 1; hit && n < i.n; ++n)
      hit = identical(e.of[n - 1],
                      in(f, f.unit->args[static_cast<size_t>(i.c) + n]));
    return e;
  }
  hit = false;
  return *free;
}

bool machine::group(frame& f, const insn& i) {
  bool hit = false;
  auto& e = group_of(f, i, hit);
  if (hit && e.rows) {
    f.regs[i.a] =
        rows_with(*e.rows, in(f, f.unit->args[static_cast<size_t>(i.c)]));
    return true;
  }
  f.regs[i.b] = new_builder(mem_);
  builder_in(f.regs[i.b]).all_rows = hit && !e.too_many;
  if (hit)
    return false;
  e = {context_id_, f.unit, i.c, false, {}, nullptr};
  for (size_t n = 1; n < i.n; ++n)
    e.of[n - 1] = in(f, f.unit->args[static_cast<size_t>(i.c) + n]);
  return false;
}

// So that a row of another key costs no key, where one has to be made.
bool machine::group_test(const insn& i, const builder_pair& b,
                         const value& part, const value& wanted) {
  if (b.all_rows)
    return true;
  return i.x == 0 ? equal(part, wanted)
                  : wanted.is_set() && wanted.size() == 1
                        && equal(part, wanted.as_object()->keys[0]);
}

// Rows beyond those that there is memory for are not kept: those of the key
// that is asked for stay.
bool machine::group_row(builder_pair& b, const value& key,
                        const value& wanted) {
  if (!b.all_rows)
    return equal(key, wanted);
  auto rows_max = options_.limits.memory_bytes / row_share;
  auto n = b.items.size() / 2;
  if (n + rows_kept_ < rows_max && n < mem_.room() / row_share) {
    b.items.push(key);
    return true;
  }
  array_builder rows(mem_);
  for (size_t k = 0; k + 1 < b.items.size(); k += 2)
    if (equal(b.items[k], wanted))
      rows.push(b.items[k + 1]);
  new (&b.items) array_builder(rows);
  b.all_rows = false;
  b.too_many = true;
  return equal(key, wanted);
}

value machine::group_rows(frame& f, const insn& i) {
  auto& b = builder_in(f.regs[i.b]);
  bool hit = false;
  auto& e = group_of(f, i, hit);
  if (!b.all_rows) {
    if (hit)
      e.too_many |= b.too_many;
    return b.items.array();
  }
  auto n = b.items.size() / 2;
  work_ += n;
  rows_kept_ += n;
  auto* rows = make_by_key(
      mem_, n, [&](size_t k) { return b.items[2 * k]; },
      [&](size_t k) { return b.items[2 * k + 1]; });
  if (hit)
    e.rows = rows;
  return rows_with(*rows, in(f, f.unit->args[static_cast<size_t>(i.c)]));
}

value machine::rows_with(const by_key& rows, const value& key) {
  auto found = rows.with(key);
  return adopt_array(mem_, found.data(), found.size());
}

} // namespace rego
