// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "machine/index.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>

#include "rego/build.hpp"

namespace rego {

namespace {

using conditions = std::vector<std::vector<index_condition>>;
using test = index_condition::test;

const index_condition* condition_on(const std::vector<index_condition>& c,
                                    size_t subject) {
  for (auto& x : c)
    if (x.subject == subject)
      return &x;
  return nullptr;
}

struct by_order {
  bool operator()(const value& a, const value& b) const {
    return compare(a, b) < 0;
  }
};
using groups = std::map<value, std::vector<uint32_t>, by_order>;

class builder {
public:
  builder(rule_index& out, const conditions& clauses, std::vector<size_t> order)
      : out_(out), clauses_(clauses), order_(std::move(order)),
        room_(8 * clauses.size() + 4096) {}

  int32_t build(std::vector<uint32_t> list, size_t level) {
    auto at = static_cast<int32_t>(out_.nodes.size());
    out_.nodes.emplace_back();
    while (level < order_.size() && !splits(list, order_[level]))
      ++level;
    // One clause alone is as quickly tried as looked for.
    if (level == order_.size() || (list.size() == 1 && at > 0) || room_ == 0) {
      node(at).leaf = true;
      node(at).clauses = std::move(list);
      return at;
    }
    groups values;
    std::map<std::pair<bool, size_t>, groups> parts;
    std::vector<uint32_t> rest;
    for (auto c : list)
      place(c, order_[level], values, parts, rest);
    node(at).subject = static_cast<uint32_t>(order_[level]);
    auto any = rest.empty() ? -1 : build(std::move(rest), level + 1);
    node(at).any = any;
    auto table = build_table(values, level + 1);
    node(at).by_value = std::move(table);
    for (auto& [key, g] : parts) {
      rule_index::part p{key.first, static_cast<uint32_t>(key.second),
                         build_table(g, level + 1)};
      node(at).parts.push_back(std::move(p));
    }
    return at;
  }

private:
  // `nodes` grows while children are built.
  rule_index::node& node(int32_t at) {
    return out_.nodes[static_cast<size_t>(at)];
  }

  bool splits(const std::vector<uint32_t>& list, size_t subject) const {
    return std::any_of(list.begin(), list.end(), [&](uint32_t c) {
      return condition_on(clauses_[c], subject) != nullptr;
    });
  }

  // A clause stands in several groups where it names several values, so the
  // index as a whole is bounded.
  void place(uint32_t c, size_t subject, groups& values,
             std::map<std::pair<bool, size_t>, groups>& parts,
             std::vector<uint32_t>& rest) {
    auto* k = condition_on(clauses_[c], subject);
    if (!k || k->constants.size() > room_)
      return rest.push_back(c);
    room_ -= k->constants.size();
    if (k->how == test::one_of) {
      for (auto& v : k->constants)
        values[v].push_back(c);
      return;
    }
    auto& v = k->constants[0];
    parts[{k->how == test::ends, v.as_string().size()}][v].push_back(c);
  }

  rule_index::table build_table(groups& g, size_t level) {
    auto size = std::bit_ceil(g.size() * 2);
    rule_index::table t(size, {value(), -1});
    for (auto& [key, list] : g) {
      auto h = scalar_hash(key);
      while (t[h & (size - 1)].second >= 0)
        ++h;
      t[h & (size - 1)] = {key, build(std::move(list), level)};
    }
    return t;
  }

  rule_index& out_;
  const conditions& clauses_;
  std::vector<size_t> order_;
  size_t room_; // placements left
};

// Subjects by how many clauses they are likely to rule out, best first.
std::vector<size_t> order_of(size_t subjects, const conditions& clauses) {
  std::vector<size_t> count(subjects);
  std::vector<groups> seen(subjects);
  for (auto& c : clauses)
    for (auto& x : c) {
      ++count[x.subject];
      for (auto& v : x.constants)
        seen[x.subject][v];
    }
  auto ruled_out = [&](size_t s) {
    return count[s] - count[s] / seen[s].size();
  };
  std::vector<size_t> order;
  for (size_t s = 0; s < subjects; ++s)
    if (count[s] > 1 && seen[s].size() > 1)
      order.push_back(s);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return ruled_out(a) > ruled_out(b);
  });
  if (order.size() > rule_index::levels_max)
    order.resize(rule_index::levels_max);
  return order;
}

} // namespace

std::shared_ptr<rule_index> rule_index::of_all(size_t clauses) {
  auto out = std::make_shared<rule_index>();
  auto& root = out->nodes.emplace_back();
  root.leaf = true;
  root.clauses.resize(clauses);
  std::iota(root.clauses.begin(), root.clauses.end(), 0u);
  return out;
}

std::shared_ptr<rule_index>
rule_index::build(std::vector<index_subject> subjects,
                  const conditions& clauses, bool assumes_builtins) {
  auto order = order_of(subjects.size(), clauses);
  if (order.empty())
    return nullptr;
  auto out = std::make_shared<rule_index>();
  out->subjects = std::move(subjects);
  out->assumes_builtins = assumes_builtins;
  std::vector<uint32_t> all(clauses.size());
  std::iota(all.begin(), all.end(), 0u);
  builder(*out, clauses, order).build(std::move(all), 0);
  return out;
}

int32_t rule_index::find(const table& t, const value& v) {
  auto mask = t.size() - 1;
  for (auto h = static_cast<size_t>(scalar_hash(v));; ++h) {
    auto& slot = t[h & mask];
    if (slot.second < 0)
      return -1;
    if (equal(slot.first, v))
      return slot.second;
  }
}

int32_t rule_index::find(const part& p, std::string_view text) {
  if (text.size() < p.size)
    return -1;
  auto piece =
      p.end ? text.substr(text.size() - p.size) : text.substr(0, p.size);
  auto mask = p.children.size() - 1;
  for (auto h = static_cast<size_t>(hash_bytes(piece));; ++h) {
    auto& slot = p.children[h & mask];
    if (slot.second < 0)
      return -1;
    if (slot.first.as_string() == piece)
      return slot.second;
  }
}

bool rule_index::admits(size_t clause, const index_roots& roots) const {
  auto meets = [](const value& wanted, const value& v) {
    return !wanted.defined() || equal(wanted, v);
  };
  return std::ranges::all_of(shown[clause], [&](auto& c) {
    auto v = of_subject(c.subject, roots);
    if (!c.is_array || !v.is_array())
      return v.defined() && !c.is_array && meets(c.scalar, v);
    return std::ranges::equal(c.items, v.items(), meets);
  });
}

} // namespace rego
