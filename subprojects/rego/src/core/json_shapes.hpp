// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keys and shapes seen in one JSON document. A shape is a sequence of keys in
// the order written; objects of one shape share their sorted array of keys and
// its index, and need no sorting. Owned by one json_reader; both tables are
// direct-mapped and only an optimisation: a miss builds the object anew.

#include <span>
#include <string_view>
#include <vector>

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

class json_shapes {
public:
  /// The tables take 66 KB: without `remembers` there are none, and each key
  /// and object is built anew.
  explicit json_shapes(bool remembers)
      : remembers_(remembers), keys_(remembers ? key_slots : 0),
        texts_(remembers ? key_slots : 0),
        following_(remembers ? following_slots : 0),
        shapes_(remembers ? shape_slots : 0) {}

  /// What was seen lies in the former document's arena: forget it.
  void new_document() { ++generation_; }

  /// The string value of a key, one node for equal keys where possible.
  value key(arena& a, std::string_view name);

  /// The string value of a text that is no key; one node for equal short ones
  /// where possible, as they repeat from record to record.
  value text(arena& a, std::string_view s);

  /// The key that followed `before` last time, or undefined: records repeat.
  value next_key(uint64_t before) const {
    if (!remembers_)
      return {};
    auto& s = following_[before >> 4 & (following_slots - 1)];
    return s.generation == generation_ ? s.name : value();
  }
  /// `key` was written without escapes and follows `before`.
  void follows(uint64_t before, const value& key) {
    if (remembers_)
      following_[before >> 4 & (following_slots - 1)] = {generation_, key};
  }

  /// An object from keys and values in turn.
  value object(arena& a, std::span<const value> pairs);

private:
  static constexpr size_t key_slots = 1024;
  static constexpr size_t following_slots = 256;
  static constexpr size_t shape_slots = 256;
  struct key_slot {
    uint64_t generation = 0;
    value name;
  };
  struct shape {
    uint64_t generation = 0;
    uint32_t size = 0;
    const value* written = nullptr;     // keys in the order written
    const uint32_t* position = nullptr; // of each in the sorted order
    const object_node* model = nullptr;
  };
  void remember(arena& a, shape& s, std::span<const value> pairs,
                const value& made);

  bool remembers_;
  uint64_t generation_ = 0;
  value shared(std::vector<key_slot>& in, arena& a, std::string_view s);
  std::vector<key_slot> keys_;
  std::vector<key_slot> texts_;
  std::vector<key_slot> following_;
  std::vector<shape> shapes_;
};

} // namespace rego
