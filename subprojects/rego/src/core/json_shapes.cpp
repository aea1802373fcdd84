// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "core/json_shapes.hpp"

#include "rego/build.hpp"

namespace rego {

namespace {

value built_object(arena& a, std::span<const value> pairs) {
  object_builder b(a, pairs.size() / 2);
  for (size_t i = 0; i < pairs.size(); i += 2)
    b.add(pairs[i], pairs[i + 1]);
  return b.finish();
}

} // namespace

value json_shapes::shared(std::vector<key_slot>& in, arena& a,
                          std::string_view s) {
  if (!remembers_)
    return make_string(a, s);
  auto& slot = in[hash_bytes(s) & (key_slots - 1)];
  if (slot.generation != generation_ || slot.name.as_string() != s) {
    slot.name = make_string(a, s);
    slot.generation = generation_;
  }
  return slot.name;
}

value json_shapes::key(arena& a, std::string_view name) {
  return shared(keys_, a, name);
}

value json_shapes::text(arena& a, std::string_view s) {
  // As many bytes as the arena hands out for the shortest.
  constexpr size_t short_max = 8;
  return s.size() <= short_max ? shared(texts_, a, s) : make_string(a, s);
}

value json_shapes::object(arena& a, std::span<const value> pairs) {
  if (!remembers_)
    return built_object(a, pairs);
  auto n = pairs.size() / 2;
  uint64_t h = n;
  for (size_t i = 0; i < n; ++i)
    h = (h ^ pairs[2 * i].raw_bits() >> 4) * 0x9E3779B97F4A7C15u;
  auto& s = shapes_[(h >> 40) & (shape_slots - 1)];
  bool hit = s.generation == generation_ && s.size == n;
  for (size_t i = 0; hit && i < n; ++i)
    hit = s.written[i].raw_bits() == pairs[2 * i].raw_bits();
  if (hit) {
    auto* values = a.allocate_array<value>(n);
    for (size_t i = 0; i < n; ++i)
      values[s.position[i]] = pairs[2 * i + 1];
    auto* o = a.allocate_array<object_node>(1);
    *o = *s.model;
    o->values = values;
    return value(o, depth_above(a, {values, n}));
  }
  auto made = built_object(a, pairs);
  if (made.size() == n && n <= 64)
    remember(a, s, pairs, made);
  return made;
}

void json_shapes::remember(arena& a, shape& s, std::span<const value> pairs,
                           const value& made) {
  auto n = made.size();
  auto* written = a.allocate_array<value>(n);
  auto* position = a.allocate_array<uint32_t>(n);
  for (uint32_t i = 0; i < n; ++i) {
    written[i] = pairs[2 * i];
    position[i] = static_cast<uint32_t>(find_key(made.as_object(), written[i]));
  }
  s = {generation_, n, written, position, made.as_object()};
}

} // namespace rego
