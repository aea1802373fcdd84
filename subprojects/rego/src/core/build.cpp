// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Builders: gather in the arena, sort once, index what is large.

#include "rego/build.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "core/number.hpp"
#include "core/uint128.hpp"

namespace rego {

namespace {

constexpr uint64_t k0 = 0x9E3779B97F4A7C15u, k1 = 0xD6E8FEB86659FD93u;

uint64_t mix(uint64_t a, uint64_t b) {
  auto m = static_cast<uint128>(a) * b;
  return static_cast<uint64_t>(m) ^ static_cast<uint64_t>(m >> 64);
}

uint64_t load8(const char* p) {
  uint64_t x = 0;
  std::memcpy(&x, p, 8);
  return x;
}

// The last 1 to 7 bytes, by loads of fixed size that may overlap.
uint64_t load_rest(const char* p, size_t n) {
  if (n >= 4) {
    uint32_t first = 0, last = 0;
    std::memcpy(&first, p, 4);
    std::memcpy(&last, p + n - 4, 4);
    return first | static_cast<uint64_t>(last) << 32;
  }
  auto byte = [p](size_t i) {
    return static_cast<uint64_t>(static_cast<unsigned char>(p[i]));
  };
  return byte(0) | byte(n / 2) << 8 | byte(n - 1) << 16;
}

constexpr uint32_t index_from = 9;

bool all_scalar(const value* keys, size_t n) {
  for (size_t i = 0; i < n; ++i)
    if (keys[i].is_collection())
      return false;
  return true;
}

// Keys are sorted and distinct.
value make_node(arena& a, const value* keys, const value* values, size_t n) {
  auto depth = depth_above(a, {keys, n});
  if (values)
    depth = std::max(depth, depth_above(a, {values, n}));
  auto* o = a.allocate_array<object_node>(1);
  *o = {static_cast<uint32_t>(n), 0, keys, values, nullptr};
  if (n >= index_from && all_scalar(keys, n)) {
    auto slots = std::bit_ceil(n * 2);
    auto* index = a.allocate_array<uint32_t>(slots);
    std::memset(index, 0, slots * sizeof(uint32_t));
    o->index_mask = static_cast<uint32_t>(slots - 1);
    for (uint32_t i = 0; i < n; ++i) {
      auto h = scalar_hash(keys[i]);
      while (index[h & o->index_mask])
        ++h;
      index[h & o->index_mask] = i + 1;
    }
    o->index = index;
  }
  return value(o, depth);
}

bool is_less(const value& x, const value& y) {
  return compare(x, y) < 0;
}

bool ascending(const value* items, size_t n) {
  for (size_t i = 1; i < n; ++i)
    if (compare(items[i - 1], items[i]) >= 0)
      return false;
  return true;
}

} // namespace

uint16_t depth_above(const arena& a, std::span<const value> items) {
  uint16_t below = 0;
  for (auto& v : items)
    below = std::max(below, v.depth());
  if (below >= value_depth_max + a.deeper())
    throw bound_reached{bound::depth};
  return static_cast<uint16_t>(below + 1);
}

uint32_t hash_bytes(std::string_view text) {
  auto* p = text.data();
  auto n = text.size();
  uint64_t h = n * k1 ^ k0;
  for (; n >= 8; p += 8, n -= 8)
    h = mix(h ^ load8(p), k0);
  if (n)
    h = mix(h ^ load_rest(p, n), k1);
  h = mix(h, k0);
  return static_cast<uint32_t>(h ^ (h >> 32));
}

string_buffer::string_buffer(arena& a, size_t size)
    : node_(static_cast<string_node*>(a.allocate(sizeof(string_node) + size))) {
}

char* string_buffer::data() {
  return reinterpret_cast<char*>(node_ + 1);
}

value string_buffer::seal(size_t size) {
  node_->size = static_cast<uint32_t>(size);
  node_->hash = hash_bytes({data(), size});
  return value(node_);
}

value make_string(arena& a, std::string_view text) {
  string_buffer b(a, text.size());
  if (!text.empty())
    std::memcpy(b.data(), text.data(), text.size());
  return b.seal(text.size());
}

value adopt_array(arena& a, const value* items, size_t size) {
  auto* n = a.allocate_array<array_node>(1);
  *n = {static_cast<uint32_t>(size), items};
  return value(n, depth_above(a, {items, size}));
}

value make_array(arena& a, std::span<const value> items) {
  auto* copy = a.allocate_array<value>(items.size());
  std::copy(items.begin(), items.end(), copy);
  return adopt_array(a, copy, items.size());
}

value adopt_set(arena& a, const value* members, size_t size) {
  return make_node(a, members, nullptr, size);
}

value sorted_array(arena& a, std::span<const value> items) {
  auto* copy = a.allocate_array<value>(items.size());
  std::copy(items.begin(), items.end(), copy);
  std::stable_sort(copy, copy + items.size(), is_less);
  return adopt_array(a, copy, items.size());
}

array_builder::array_builder(arena& a, size_t expected) : arena_(a) {
  if (expected) {
    items_ = a.allocate_array<value>(expected);
    capacity_ = expected;
  }
}

void array_builder::grow() {
  auto wider = capacity_ ? capacity_ * 2 : 8;
  auto* items = arena_.allocate_array<value>(wider);
  std::copy(items_, items_ + size_, items);
  items_ = items;
  capacity_ = wider;
}

value array_builder::array() {
  return adopt_array(arena_, items_, size_);
}

value array_builder::set() {
  if (!ascending(items_, size_)) {
    std::stable_sort(items_, items_ + size_, is_less);
    size_ = static_cast<size_t>(
        std::unique(items_, items_ + size_,
                    [](const value& x, const value& y) { return equal(x, y); })
        - items_);
  }
  return make_node(arena_, items_, nullptr, size_);
}

value object_builder::finish() {
  return build(false);
}
value object_builder::finish_unique() {
  return build(true);
}

value object_builder::build(bool unique) {
  auto n = size();
  auto* keys = n ? &keys_[0] : nullptr;
  // An object's values are never null: that would make it a set.
  auto* values = n ? &values_[0] : arena_.allocate_array<value>(1);
  if (ascending(keys, n))
    return make_node(arena_, keys, values, n);
  auto* order = arena_.allocate_array<uint32_t>(n);
  std::iota(order, order + n, 0u);
  std::stable_sort(order, order + n, [&](uint32_t x, uint32_t y) {
    return compare(keys[x], keys[y]) < 0;
  });
  auto* sorted_keys = arena_.allocate_array<value>(n);
  auto* sorted_values = arena_.allocate_array<value>(n);
  size_t out = 0;
  for (size_t i = 0; i < n; ++i) {
    auto at = order[i];
    if (out && equal(sorted_keys[out - 1], keys[at])) {
      if (unique && !equal(sorted_values[out - 1], values[at]))
        return {};
      --out;
    }
    sorted_keys[out] = keys[at];
    sorted_values[out++] = values[at];
  }
  return make_node(arena_, sorted_keys, sorted_values, out);
}

value with_member(arena& a, const value& object, const value& key,
                  const value& v) {
  auto n = object.size();
  auto old_keys = object.keys(), old_values = object.values();
  if (auto at = find_key(object.as_object(), key); at >= 0) {
    auto* values = a.allocate_array<value>(n);
    std::copy(old_values.begin(), old_values.end(), values);
    values[at] = v;
    auto* o = a.allocate_array<object_node>(1);
    *o = *object.as_object();
    o->values = values;
    return value(o, std::max(object.depth(), depth_above(a, {&v, 1})));
  }
  auto at = std::lower_bound(old_keys.begin(), old_keys.end(), key, is_less)
            - old_keys.begin();
  auto insert = [&](std::span<const value> old, const value& one) {
    auto* out = a.allocate_array<value>(n + 1);
    std::copy(old.begin(), old.begin() + at, out);
    out[at] = one;
    std::copy(old.begin() + at, old.end(), out + at + 1);
    return out;
  };
  return make_node(a, insert(old_keys, key), insert(old_values, v), n + 1);
}

value deep_copy(arena& to, const value& v) {
  switch (v.type()) {
  case kind::string:
    return make_string(to, v.as_string());
  case kind::number:
    return copy_number(to, v);
  case kind::array: {
    array_builder b(to, v.size());
    for (auto& x : v.items())
      b.push(deep_copy(to, x));
    return b.array();
  }
  case kind::set: {
    array_builder b(to, v.size());
    for (auto& x : v.keys())
      b.push(deep_copy(to, x));
    return b.set();
  }
  case kind::object: {
    object_builder b(to, v.size());
    for (size_t i = 0; i < v.size(); ++i)
      b.add(deep_copy(to, v.keys()[i]), deep_copy(to, v.values()[i]));
    return b.finish();
  }
  default:
    return v;
  }
}

} // namespace rego
