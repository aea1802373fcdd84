// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Arena, errors, order and look-up of values.

#include "rego/value.hpp"
#include "core/walk_watch.hpp"

#include <algorithm>

#include "core/number.hpp"
#include "rego/arena.hpp"
#include "rego/build.hpp"
#include "rego/error.hpp"

namespace rego {

namespace {

constexpr size_t chunk_min = 64 * 1024;
constexpr size_t chunk_max = 4 * 1024 * 1024;

int sign(std::strong_ordering o) {
  return o < 0 ? -1 : o > 0 ? 1 : 0;
}

int compare_strings(std::string_view a, std::string_view b) {
  auto n = std::min(a.size(), b.size());
  if (int c = std::memcmp(a.data(), b.data(), n))
    return c;
  return sign(a.size() <=> b.size());
}

int compare_arrays(std::span<const value> a, std::span<const value> b) {
  if (a.data() == b.data() && a.size() == b.size())
    return 0;
  auto n = std::min(a.size(), b.size());
  size_t i = 0;
  int c = 0;
  for (; c == 0 && i < n; ++i)
    c = compare(a[i], b[i]);
  watch_walk(1 + i / 16);
  return c != 0 ? c : sign(a.size() <=> b.size());
}

int compare_objects(const value& a, const value& b) {
  if (a.as_pointer() == b.as_pointer())
    return 0;
  auto ak = a.keys(), bk = b.keys();
  auto av = a.values(), bv = b.values();
  auto n = std::min(ak.size(), bk.size());
  size_t i = 0;
  int c = 0;
  for (; c == 0 && i < n; ++i) {
    c = compare(ak[i], bk[i]);
    if (c == 0)
      c = compare(av[i], bv[i]);
  }
  watch_walk(1 + i / 16);
  return c != 0 ? c : sign(ak.size() <=> bk.size());
}

} // namespace

void arena::enter(const chunk& c) {
  next_ = c.bytes.get();
  end_ = next_ + c.size;
  used_ += c.size;
}

void arena::grow(size_t size) {
  // Chunks kept from earlier evaluations first, as far as they are big enough.
  while (current_ < chunks_.size()) {
    auto& c = chunks_[current_++];
    if (c.size >= size) {
      if (used_ + c.size > limit_)
        throw memory_exceeded{};
      return enter(c);
    }
  }
  auto last = chunks_.empty() ? chunk_min / 2 : chunks_.back().size;
  auto want = std::max(size, std::min(last * 2, chunk_max));
  if (size > limit_ || used_ > limit_ - size)
    throw memory_exceeded{};
  want = std::max(size, std::min(want, limit_ - used_));
  chunks_.push_back({std::make_unique_for_overwrite<std::byte[]>(want), want});
  current_ = chunks_.size();
  enter(chunks_.back());
}

void arena::reset() {
  // A chunk as large as one document is not worth keeping for ever.
  size_t kept = 0;
  std::erase_if(chunks_, [&](const chunk& c) {
    kept += c.size;
    return kept > 16 * chunk_max;
  });
  used_ = 0;
  deeper_ = 0;
  current_ = 0;
  next_ = end_ = nullptr;
}

int compare(const value& a, const value& b) {
  if (a.type() != b.type())
    return a.type() < b.type() ? -1 : 1;
  switch (a.type()) {
  case kind::boolean:
    return int{a.as_boolean()} - int{b.as_boolean()};
  case kind::number:
    return compare_numbers(a, b);
  case kind::string:
    if (a.as_pointer() == b.as_pointer())
      return 0;
    return compare_strings(a.as_string(), b.as_string());
  case kind::array:
    return compare_arrays(a.items(), b.items());
  case kind::object:
    return compare_objects(a, b);
  case kind::set:
    return compare_arrays(a.keys(), b.keys());
  default:
    return 0;
  }
}

bool equal_slow(const value& a, const value& b) {
  if (a.is_collection() && a.size() != b.size())
    return false;
  return compare(a, b) == 0;
}

uint32_t scalar_hash(const value& v) {
  switch (v.type()) {
  case kind::string:
    return v.string_hash();
  case kind::number: {
    auto i = to_int64(v);
    uint64_t bits = 0;
    if (i) {
      bits = static_cast<uint64_t>(*i);
    } else {
      auto d = static_cast<double>(to_real(v));
      std::memcpy(&bits, &d, sizeof bits);
    }
    bits *= 0x9E3779B97F4A7C15u;
    return static_cast<uint32_t>(bits >> 32);
  }
  case kind::boolean:
    return v.as_boolean() ? 0x51ed27u : 0x2f0b41u;
  default:
    return 0;
  }
}

namespace {

uint32_t hash_within(const value& v, size_t& left) {
  if (!v.is_collection())
    return scalar_hash(v);
  auto h = static_cast<uint32_t>(v.type()) * 0x9E3779B9u
           ^ static_cast<uint32_t>(v.size());
  auto take = [&](std::span<const value> list) {
    for (auto at = list.begin(); at != list.end() && left > 0; ++at) {
      --left;
      h = (h ^ hash_within(*at, left)) * 0x85EBCA6Bu;
      h ^= h >> 15;
    }
  };
  if (v.is_array())
    take(v.items());
  else
    take(v.keys());
  if (v.is_object())
    take(v.values());
  return h;
}

} // namespace

uint32_t value_hash(const value& v) {
  if (!v.is_collection())
    return scalar_hash(v);
  size_t left = 64; // elements that are looked at
  return hash_within(v, left);
}

int64_t find_key(const object_node* o, const value& key) {
  if (key.is_string() && o->size <= 8) {
    auto h = key.string_hash();
    for (uint32_t i = 0; i < o->size; ++i)
      if (o->keys[i].string_hash() == h && equal(o->keys[i], key))
        return i;
    return -1;
  }
  if (o->index && !key.is_collection()) {
    for (auto h = scalar_hash(key);; ++h) {
      auto at = o->index[h & o->index_mask];
      if (at == 0)
        return -1;
      if (equal(o->keys[at - 1], key))
        return at - 1;
    }
  }
  if (o->size <= 8) {
    for (uint32_t i = 0; i < o->size; ++i)
      if (equal(o->keys[i], key))
        return i;
    return -1;
  }
  auto* end = o->keys + o->size;
  auto* at =
      std::lower_bound(o->keys, end, key, [](const value& x, const value& y) {
        return compare(x, y) < 0;
      });
  return at != end && equal(*at, key) ? at - o->keys : -1;
}

value lookup(const value& c, const value& key) {
  switch (c.type()) {
  case kind::object: {
    auto at = find_key(c.as_object(), key);
    return at < 0 ? value() : c.as_object()->values[at];
  }
  case kind::set: {
    auto at = find_key(c.as_object(), key);
    return at < 0 ? value() : c.as_object()->keys[at];
  }
  case kind::array: {
    if (!key.is_number())
      return {};
    auto i = to_int64(key);
    if (!i || *i < 0 || *i >= c.as_array()->size)
      return {};
    return c.as_array()->items[*i];
  }
  default:
    return {};
  }
}

std::string_view type_name(const value& v) {
  constexpr std::string_view names[] = {"undefined", "null",   "boolean",
                                        "number",    "string", "array",
                                        "object",    "set",    "object"};
  return names[static_cast<size_t>(v.type())];
}

} // namespace rego
