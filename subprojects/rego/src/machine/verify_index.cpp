// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "machine/verify_index.hpp"

#include <bit>

namespace rego {

namespace {

// Children come behind their parents, each once, so that it is a tree.
class index_check {
public:
  index_check(const rule_index& x, size_t clauses)
      : x_(x), clauses_(clauses), level_(x.nodes.size()) {}

  std::string run() {
    for (at_ = 0; at_ < x_.nodes.size() && why_.empty(); ++at_) {
      if (at_ && !level_[at_])
        return "is no node's child";
      node(x_.nodes[at_]);
    }
    return why_;
  }
  size_t at() const { return at_ ? at_ - 1 : 0; }

private:
  void wrong(std::string why) {
    if (why_.empty())
      why_ = std::move(why);
  }

  void node(const rule_index::node& n) {
    if (n.leaf) {
      for (auto c : n.clauses)
        if (c >= clauses_)
          wrong("has clause " + std::to_string(c) + " of "
                + std::to_string(clauses_));
      return;
    }
    if (n.subject >= x_.subjects.size())
      wrong("looks at document " + std::to_string(n.subject) + " of "
            + std::to_string(x_.subjects.size()));
    if (n.any != -1)
      child(n.any);
    table(n.by_value, false);
    for (auto& p : n.parts)
      table(p.children, true);
  }

  void child(int32_t c) {
    if (c < 0 || static_cast<size_t>(c) <= at_
        || static_cast<size_t>(c) >= x_.nodes.size())
      return wrong("has child " + std::to_string(c)
                   + "; expected one behind it");
    auto& level = level_[static_cast<size_t>(c)];
    if (level)
      return wrong("has child " + std::to_string(c)
                   + ", which is another one's");
    level = static_cast<uint8_t>(level_[at_] + 1);
    if (level > rule_index::levels_max)
      wrong("lies deeper than " + std::to_string(rule_index::levels_max)
            + " levels");
  }

  // A search ends at a free place.
  void table(const rule_index::table& t, bool strings) {
    bool free = false;
    if (!std::has_single_bit(t.size()))
      return wrong("has a table of " + std::to_string(t.size())
                   + " places; expected a power of 2");
    for (auto& [key, c] : t) {
      free |= c < 0;
      if (c < 0)
        continue;
      if (!key.defined() || key.is_collection()
          || (strings && !key.is_string()))
        wrong(strings ? "has a key that is no string"
                      : "has a key that is no scalar");
      child(c);
    }
    if (!free)
      wrong("has a table without a free place");
  }

  const rule_index& x_;
  size_t clauses_;
  std::vector<uint8_t> level_;
  size_t at_ = 0;
  std::string why_;
};

} // namespace

std::optional<std::string> index_refusal(const rule_index& x, size_t clauses,
                                         int arity) {
  if (x.nodes.empty())
    return "without a root";
  for (auto& s : x.subjects) {
    if (s.argument < index_subject::of_base)
      return "that looks at documents of root " + std::to_string(s.argument)
             + "; expected the input, the data or an argument";
    if (s.argument >= arity)
      return "that looks at argument " + std::to_string(s.argument) + " of "
             + std::to_string(arity);
    for (auto& k : s.path)
      if (!k.defined() || k.type() == kind::node)
        return "that looks at a path with an undefined element";
  }
  index_check check(x, clauses);
  auto why = check.run();
  if (why.empty())
    return {};
  return "whose node " + std::to_string(check.at()) + " " + why;
}

} // namespace rego
