// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/make_index.hpp"

#include <map>

namespace rego {

namespace {

class collector {
public:
  explicit collector(unit_writer& u) : u_(u) {}

  void add(const rule& r) {
    conditions.emplace_back();
    // An else branch may hold where the clause's own equalities do not.
    if (r.otherwise)
      return;
    for (size_t i = 0; i < r.head.args.size(); ++i)
      if (is_scalar(r.head.args[i]))
        add("arg" + std::to_string(i), {static_cast<int>(i), {}},
            r.head.args[i]);
    for (auto& e : r.body.literals) {
      if (e.kind != expr_kind::term || e.negated || !e.withs.empty())
        continue;
      auto& t = e.terms[0];
      if ((t.is_call("eq") || t.is_call("equal") || t.is_call("assign"))
          && t.args.size() == 3) {
        equality(t.args[1], t.args[2]);
        equality(t.args[2], t.args[1]);
      }
    }
  }

  std::vector<index_subject> subjects;
  std::vector<std::vector<index_condition>> conditions;

private:
  void equality(const term& ref, const term& constant) {
    if (ref.kind != term_kind::ref || !is_scalar(constant)
        || ref.args[0].kind != term_kind::var || ref.args[0].text != "input")
      return;
    index_subject s;
    for (size_t i = 1; i < ref.args.size(); ++i) {
      if (!is_scalar(ref.args[i]))
        return;
      s.path.push_back(u_.ground(ref.args[i]));
    }
    add(ref_text(ref), std::move(s), constant);
  }

  void add(const std::string& name, index_subject s, const term& constant) {
    auto [at, fresh] = by_name_.try_emplace(name, subjects.size());
    if (fresh)
      subjects.push_back(std::move(s));
    conditions.back().push_back({at->second, u_.ground(constant)});
  }

  unit_writer& u_;
  std::map<std::string, size_t> by_name_;
};

} // namespace

std::shared_ptr<const rule_index> make_index(unit_writer& u,
                                             const rule_tree_node& n) {
  collector c(u);
  for (auto& e : n.rules)
    if (!e.r->is_default)
      c.add(*e.r);
  if (c.conditions.size() < 3)
    return nullptr;
  return rule_index::build(std::move(c.subjects), c.conditions);
}

} // namespace rego
