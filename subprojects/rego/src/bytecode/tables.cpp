// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Indexes: their tables are written as lists and made anew.

#include <bit>

#include "bytecode/describe.hpp"

namespace rego::form {

void describe(form_writer& f, const rule_index::table& t) {
  std::vector<table_entry> entries;
  for (auto& [key, child] : t)
    if (child >= 0)
      entries.push_back({key, child});
  f.list(entries, 5, [&](auto& e) { describe(f, e); });
}

void describe(form_reader& f, rule_index::table& t) {
  auto n = f.size(5);
  auto mask = std::bit_ceil(2 * n) - 1;
  t.assign(mask + 1, {value(), -1});
  for (size_t i = 0; i < n; ++i) {
    auto from = f.at();
    table_entry e;
    describe(f, e);
    if (!e.key.defined() || e.key.is_collection() || e.child < 0)
      f.refuse(from, "an index has an entry that is no scalar and its node");
    size_t at = scalar_hash(e.key);
    for (; t[at & mask].second >= 0; ++at)
      if (equal(t[at & mask].first, e.key))
        f.refuse(from, "an index has a key twice");
    t[at & mask] = {e.key, e.child};
  }
}

void describe(form_writer& f, const std::shared_ptr<const rule_index>& x) {
  f.flag(x != nullptr);
  if (x)
    describe(f, *x);
}

void describe(form_reader& f, std::shared_ptr<const rule_index>& x) {
  bool there = false;
  f.flag(there);
  if (!there)
    return;
  auto made = std::make_shared<rule_index>();
  describe(f, *made);
  x = std::move(made);
}

} // namespace rego::form
