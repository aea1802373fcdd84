// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "format/imports.hpp"

#include <set>

#include "parser/parse.hpp"

namespace rego::formatting {

namespace {

std::vector<std::string_view> path_of(const import_decl& d) {
  std::vector<std::string_view> out;
  if (!d.path.is(term_kind::ref))
    return {d.path.text};
  for (auto& p : d.path.args)
    out.push_back(p.text);
  return out;
}

bool of_root(const import_decl& d, std::string_view root) {
  return path_of(d)[0] == root;
}

// The keywords that a module's bodies use.
struct keyword_search {
  const style& s;
  std::set<std::string> found;

  void in(const query& q) {
    for (auto& e : q.literals)
      in(e);
  }
  void in(const term& t) {
    for (auto& a : t.args)
      in(a);
    if (t.body)
      in(*t.body);
  }
  void in(const expr& e) {
    bool logic = e.kind == expr_kind::all_of || e.kind == expr_kind::any_of;
    if (e.kind == expr_kind::every)
      found.insert("every");
    else if (e.kind == expr_kind::not_body || (e.negated && s.not_bodies))
      found.insert("not");
    else if (logic)
      found.insert(e.kind == expr_kind::all_of ? "and" : "or");
    else if (e.kind == expr_kind::term && e.terms[0].is(term_kind::call)
             && ref_text(e.terms[0].args[0]).starts_with("internal.member_"))
      found.insert("in");
    for (auto& t : e.terms)
      in(t);
    if (e.body)
      in(*e.body);
    for (auto& b : e.bodies)
      in(*b);
    for (auto& w : e.withs)
      in(w.replacement);
  }
  void in(const rule& r) {
    in(r.head.key);
    in(r.head.value);
    for (auto& a : r.head.args)
      in(a);
    in(r.head.ref);
    in(r.body);
    if (r.otherwise)
      in(*r.otherwise);
  }
};

class import_list {
public:
  import_list(const module& m, std::list<import_decl>& added) : added_(added) {
    for (auto& d : m.imports)
      list_.push_back({&d, d.at.row, d.at.col, false});
  }

  template <class Which>
  void remove(Which which) {
    std::erase_if(list_, [&](auto& i) { return which(*i.decl); });
  }
  template <class Which>
  bool has(Which which) const {
    return std::any_of(list_.begin(), list_.end(),
                       [&](auto& i) { return which(*i.decl); });
  }
  void ensure_keyword(const std::string& k) {
    bool there = has([&](auto& d) {
      auto one = future_keyword(d);
      return is_all_keywords(d) || one == k || (one == "every" && k == "in");
    });
    if (!there)
      add("future.keywords." + k);
  }
  // Behind the last import of its kind, else first of all.
  void add(const std::string& path) {
    int row = 0;
    for (auto& i : list_)
      if (of_root(*i.decl, "future") || is_rego_v1(*i.decl))
        row = std::max(row, i.row);
    added_.push_back(std::move(*parse_import(path)));
    list_.push_back({&added_.back(), row + 1, 1, true});
  }
  std::vector<placed_import> sorted(int first_rule) {
    std::stable_sort(list_.begin(), list_.end(), [](auto& a, auto& b) {
      return std::pair(a.row, a.col) < std::pair(b.row, b.col);
    });
    bool behind = std::any_of(list_.begin(), list_.end(), [&](auto& i) {
      return i.added && i.row >= first_rule;
    });
    // An import behind a rule has no effect on it.
    if (behind) {
      for (auto& i : list_)
        i.row = i.added ? 0 : i.row;
      std::stable_partition(list_.begin(), list_.end(),
                            [](auto& i) { return i.added; });
    }
    return std::move(list_);
  }

private:
  std::vector<placed_import> list_;
  std::list<import_decl>& added_;
};

} // namespace

std::string future_keyword(const import_decl& d) {
  auto p = path_of(d);
  bool one = p.size() == 3 && p[0] == "future" && p[1] == "keywords";
  return one && d.alias.empty() ? std::string(p[2]) : "";
}

bool is_rego_v1(const import_decl& d) {
  auto p = path_of(d);
  return p.size() == 2 && p[0] == "rego" && p[1] == "v1";
}

bool is_all_keywords(const import_decl& d) {
  auto p = path_of(d);
  return p.size() == 2 && p[0] == "future" && p[1] == "keywords";
}

bool before(const import_decl& a, const import_decl& b) {
  auto x = path_of(a), y = path_of(b);
  return x != y ? x < y : a.alias < b.alias;
}

std::vector<placed_import> imports_of(const module& m, const format_options& o,
                                      const style& s,
                                      std::list<import_decl>& added) {
  import_list list(m, added);
  if (o.to == rego_version::v1 && o.drop_v0_imports)
    list.remove(is_rego_v1);
  else if (o.to == rego_version::v0_v1 && !list.has(is_rego_v1))
    list.add("rego.v1");
  keyword_search used{s, {}};
  for (auto& r : m.rules)
    used.in(r);
  bool v1_import = list.has(is_rego_v1);
  bool v1 = o.to != rego_version::v0 || v1_import;
  if (v1 && (o.drop_v0_imports || v1_import))
    list.remove([](auto& d) { return of_root(d, "future"); });
  for (auto& k : used.found)
    if (!v1 || k == "not" || k == "and" || k == "or")
      list.ensure_keyword(k);
  auto first = m.rules.empty() ? INT32_MAX : m.rules[0].at.row;
  return list.sorted(first);
}

} // namespace rego::formatting
