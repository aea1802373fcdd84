// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the rules of a program came to, in one context of replacements.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

/// What a rule evaluated before came to.
struct memo_entry {
  enum class state_type : uint8_t { unknown, running, known };
  state_type state;
  uint8_t keyed;       // how often one key alone was asked for, up to a bound
  uint32_t keyed_work; // that all those took, at most UINT32_MAX
  uint32_t whole_work; // that all keys at once would take, at least
  value v;
};

/// An entry for each slot of a program, in pages that are made where one of
/// their rules is first asked for: an evaluation, and each `with` in it, pays
/// for the rules that it touches and not for all that the program holds.
/// Copies share the pages, which live in the arena.
class rule_memo {
public:
  /// The slot's value; null where it was not computed yet.
  const value* known(int slot) const {
    if (!pages_)
      return nullptr;
    auto* page = pages_[static_cast<size_t>(slot) / page_size];
    if (!page)
      return nullptr;
    auto& e = page[static_cast<size_t>(slot) % page_size];
    return e.state == memo_entry::state_type::known ? &e.v : nullptr;
  }

  /// The entry of a slot below `slots`, the program's number of them.
  memo_entry& at(arena& in, size_t slots, int slot) {
    if (!pages_)
      pages_ = made<memo_entry*>(in, (slots + page_size - 1) / page_size);
    auto place = static_cast<size_t>(slot) % page_size;
    auto first = static_cast<size_t>(slot) - place;
    auto& page = pages_[first / page_size];
    if (!page)
      page = made<memo_entry>(in, std::min(page_size, slots - first));
    return page[place];
  }

private:
  static constexpr size_t page_size = 16;

  // Zeroes are no page, and an entry of which nothing is known.
  template <class T>
  static T* made(arena& in, size_t n) {
    auto* out = in.allocate_array<T>(n);
    std::memset(static_cast<void*>(out), 0, n * sizeof(T));
    return out;
  }

  memo_entry** pages_ = nullptr;
};

} // namespace rego
