// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "machine/index.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace rego {

namespace {

using conditions = std::vector<std::vector<index_condition>>;

constexpr size_t levels_max = 8;

const value* constant_of(const std::vector<index_condition>& c,
                         size_t subject) {
  for (auto& x : c)
    if (x.subject == subject)
      return &x.constant;
  return nullptr;
}

class builder {
public:
  builder(rule_index& out, const conditions& clauses, std::vector<size_t> order)
      : out_(out), clauses_(clauses), order_(std::move(order)) {}

  int32_t build(const std::vector<uint32_t>& list, size_t level) {
    auto at = static_cast<int32_t>(out_.nodes.size());
    out_.nodes.emplace_back();
    while (level < order_.size() && !splits(list, order_[level]))
      ++level;
    if (level == order_.size()) {
      out_.nodes[static_cast<size_t>(at)].leaf = true;
      out_.nodes[static_cast<size_t>(at)].clauses = list;
      return at;
    }
    auto subject = order_[level];
    std::vector<std::pair<value, std::vector<uint32_t>>> groups;
    std::vector<uint32_t> rest;
    for (auto c : list) {
      auto* k = constant_of(clauses_[c], subject);
      if (k)
        groups.push_back({*k, {c}});
      else
        rest.push_back(c);
    }
    join(groups);
    auto any = rest.empty() ? -1 : build(rest, level + 1);
    std::vector<std::pair<value, int32_t>> children;
    for (auto& g : groups)
      children.emplace_back(g.first, build(g.second, level + 1));
    auto& n = out_.nodes[static_cast<size_t>(at)];
    n.subject = static_cast<uint32_t>(subject);
    n.any = any;
    fill(n, children);
    return at;
  }

private:
  bool splits(const std::vector<uint32_t>& list, size_t subject) const {
    return std::any_of(list.begin(), list.end(), [&](uint32_t c) {
      return constant_of(clauses_[c], subject) != nullptr;
    });
  }

  // Clauses with the same constant into one group, in order.
  static void
  join(std::vector<std::pair<value, std::vector<uint32_t>>>& groups) {
    std::stable_sort(groups.begin(), groups.end(), [](auto& a, auto& b) {
      return compare(a.first, b.first) < 0;
    });
    size_t out = 0;
    for (auto& g : groups) {
      if (out && equal(groups[out - 1].first, g.first))
        groups[out - 1].second.push_back(g.second[0]);
      else
        groups[out++] = g;
    }
    groups.resize(out);
  }

  static void fill(rule_index::node& n,
                   const std::vector<std::pair<value, int32_t>>& children) {
    auto size = std::bit_ceil(children.size() * 2);
    n.table.assign(size, {value(), -1});
    for (auto& c : children) {
      auto h = scalar_hash(c.first);
      while (n.table[h & (size - 1)].second >= 0)
        ++h;
      n.table[h & (size - 1)] = c;
    }
  }

  rule_index& out_;
  const conditions& clauses_;
  std::vector<size_t> order_;
};

} // namespace

std::shared_ptr<const rule_index>
rule_index::build(std::vector<index_subject> subjects,
                  const conditions& clauses) {
  std::vector<size_t> count(subjects.size());
  for (auto& c : clauses)
    for (auto& x : c)
      ++count[x.subject];
  std::vector<size_t> order(subjects.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return count[a] > count[b]; });
  if (order.size() > levels_max)
    order.resize(levels_max);
  if (order.empty() || count[order[0]] < 2)
    return nullptr;
  auto out = std::make_shared<rule_index>();
  out->subjects = std::move(subjects);
  std::vector<uint32_t> all(clauses.size());
  std::iota(all.begin(), all.end(), 0u);
  builder(*out, clauses, order).build(all, 0);
  return out;
}

int32_t rule_index::find(const node& n, const value& v) {
  auto mask = n.table.size() - 1;
  for (auto h = static_cast<size_t>(scalar_hash(v));; ++h) {
    auto& slot = n.table[h & mask];
    if (slot.second < 0)
      return -1;
    if (equal(slot.first, v))
      return slot.second;
  }
}

} // namespace rego
