// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values found by a key of theirs, in the order in which they came. Lives in
// the arena that it was made in.

#include <bit>
#include <cstring>
#include <span>

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

/// Values grouped by key, behind a hash table of the keys.
struct by_key {
  struct slot {
    value key;
    uint32_t count;
    uint32_t start;
  };
  slot* slots;
  uint32_t mask;
  value* items; // group by group

  /// The slot of a key, or the free one where it belongs.
  slot& at(const value& key) const {
    for (auto h = value_hash(key);; ++h) {
      auto& s = slots[h & mask];
      if (!s.key.defined() || equal(s.key, key))
        return s;
    }
  }

  std::span<const value> with(const value& key) const {
    auto& s = at(key);
    return {items + s.start, s.count};
  }
};

/// Of n values, which `item` gives, those whose `key` is defined. Two passes:
/// counts by key, then lays the values out group by group.
template <class Key, class Item>
by_key* make_by_key(arena& a, size_t n, const Key& key, const Item& item) {
  auto size = std::bit_ceil(static_cast<uint32_t>(n) * 2 + 1);
  auto* t = a.allocate_array<by_key>(1);
  t->mask = size - 1;
  t->slots = a.allocate_array<by_key::slot>(size);
  std::memset(static_cast<void*>(t->slots), 0, size * sizeof(by_key::slot));
  t->items = a.allocate_array<value>(n);
  auto* where = a.allocate_array<by_key::slot*>(n);
  for (size_t k = 0; k < n; ++k) {
    auto each = key(k);
    where[k] = nullptr;
    if (!each.defined())
      continue;
    auto& s = t->at(each);
    s.key = each;
    ++s.count;
    where[k] = &s;
  }
  uint32_t start = 0;
  for (uint32_t k = 0; k <= t->mask; ++k) {
    t->slots[k].start = start;
    start += t->slots[k].count;
    t->slots[k].count = 0;
  }
  for (size_t k = 0; k < n; ++k)
    if (where[k])
      t->items[where[k]->start + where[k]->count++] = item(k);
  return t;
}

} // namespace rego
