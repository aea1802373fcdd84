// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// A variable that is a reference, by an equation of its body or by `some … in`,
// is not used for itself where it only begins others: of `u := input.user` and
// `u.name` there is input.user.name alone.

#include "compiler/dependencies.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/compile.hpp"
#include "compiler/query_scope.hpp"
#include "compiler/resolve.hpp"
#include "parser/parse.hpp"

namespace rego {

namespace {

using term_list = std::vector<term>;

bool is_local_name(const term& t) {
  return t.is(term_kind::var) && !is_root(t);
}

// Of references through variables there may be many; more are not followed.
constexpr size_t joined_max = 1000;

// What one body, with what stands in its rule's head, refers to.
class body_references {
public:
  std::vector<term_list> of(const query& body,
                            const std::vector<const term*>& outside) {
    for (auto& e : body.literals)
      if (!bind(e))
        walk(e);
    for (auto* t : outside)
      walk(*t);
    for (auto& [name, refs] : bound_)
      for (auto& r : refs) {
        for (size_t i = 1; i < r.args.size(); ++i)
          walk(r.args[i]);
        if (used_.contains(name) || refs.size() > 1)
          pending_.push_back(&r);
      }
    for (auto* r : pending_)
      join(r->args, {});
    return std::move(found_);
  }

private:
  bool bind(const expr& e) {
    if (e.kind == expr_kind::some_in && e.terms.size() > 1
        && e.terms.back().is(term_kind::ref)) {
      auto& element = e.terms[e.terms.size() - 2];
      if (!is_local_name(element))
        return false;
      auto r = e.terms.back();
      r.args.emplace_back().kind = term_kind::var; // any key
      bound_[element.text].push_back(std::move(r));
      for (auto& w : e.withs)
        walk(w);
      return true;
    }
    if (e.kind != expr_kind::term || e.terms[0].args.size() != 3
        || !(e.terms[0].is_call("eq") || e.terms[0].is_call("assign")))
      return false;
    auto* left = &e.terms[0].args[1];
    auto* right = &e.terms[0].args[2];
    if (!is_local_name(*left))
      std::swap(left, right);
    if (!is_local_name(*left) || !right->is(term_kind::ref))
      return false;
    bound_[left->text].push_back(*right);
    for (auto& w : e.withs)
      walk(w);
    return true;
  }

  void walk(const with_modifier& w) {
    walk(w.target);
    walk(w.replacement);
  }

  void walk(const expr& e) {
    for (auto& t : e.terms)
      walk(t);
    if (e.body)
      walk(*e.body);
    for (auto& b : e.bodies)
      walk(*b);
    for (auto& w : e.withs)
      walk(w);
  }

  void walk(const query& q) {
    for (auto& e : q.literals)
      walk(e);
  }

  void walk(const term& t) {
    if (is_root(t))
      found_.push_back({t});
    else if (t.is(term_kind::var))
      used_.insert(t.text);
    else if (t.is(term_kind::ref))
      pending_.push_back(&t);
    for (size_t i = t.is(term_kind::ref) && t.args[0].is(term_kind::var);
         i < t.args.size(); ++i)
      walk(t.args[i]);
    if (t.body)
      walk(*t.body);
  }

  // Follows a variable that begins a reference to what it is.
  void join(const term_list& ref, std::set<std::string> seen) {
    auto& head = ref[0];
    if (is_root(head)) {
      found_.push_back(ref);
      return;
    }
    auto at = head.is(term_kind::var) ? bound_.find(head.text) : bound_.end();
    if (at == bound_.end() || !seen.insert(head.text).second)
      return;
    for (auto& r : at->second) {
      if (found_.size() > joined_max)
        return;
      auto longer = r.args;
      longer.insert(longer.end(), ref.begin() + 1, ref.end());
      join(longer, seen);
    }
  }

  std::map<std::string, term_list> bound_;
  std::set<std::string> used_;
  std::vector<const term*> pending_; // references that are used
  std::vector<term_list> found_;
};

term constant_part(const term_list& ref) {
  term out;
  out.kind = term_kind::ref;
  for (auto& part : ref) {
    if (!out.args.empty() && !is_scalar(part))
      break;
    out.args.push_back(part);
  }
  return out;
}

// Sorted, each once; `minimal` without those below another one.
void settle(term_list& list, bool minimal) {
  auto before = [](const term& a, const term& b) {
    return compare_terms(a, b) < 0;
  };
  std::sort(list.begin(), list.end(), before);
  term_list out;
  for (auto& t : list) {
    auto& last = out.empty() ? t : out.back();
    auto size = last.args.size();
    bool below = !out.empty() && size <= t.args.size()
                 && (minimal || size == t.args.size())
                 && std::equal(
                     last.args.begin(), last.args.end(), t.args.begin(),
                     [](auto& a, auto& b) { return compare_terms(a, b) == 0; });
    if (!below)
      out.push_back(t);
  }
  list = std::move(out);
}

class collecting {
public:
  explicit collecting(const rule_tree& tree) : tree_(tree) {}

  void add(const query& body, const std::vector<const term*>& outside) {
    term_list refs;
    for (auto& r : body_references().of(body, outside))
      refs.push_back(constant_part(r));
    settle(refs, true);
    for (auto& r : refs)
      if (is_root(r.args[0]) && (r.args[0].text != "data" || !follow(r)))
        out.base.push_back(r);
  }

  void finish() {
    while (!open_.empty()) {
      auto* n = open_.back();
      open_.pop_back();
      for (auto& e : n->rules)
        for (auto* r = e.r; r; r = r->otherwise.get())
          add(*r);
      out.virtual_ones.push_back(path_ref(*n));
    }
    settle(out.base, false);
    settle(out.virtual_ones, false);
  }

  query_dependencies out;

private:
  void add(const rule& r) {
    std::vector<const term*> outside{&r.head.value, &r.head.ref};
    if (r.head.is_set)
      outside.push_back(&r.head.key);
    for (auto& a : r.head.args)
      outside.push_back(&a);
    add(r.body, outside);
  }

  bool follow(const term& ref) {
    auto* n = &tree_.root();
    for (size_t i = 1; i < ref.args.size(); ++i) {
      n = rule_tree::child(*n, ref.args[i]);
      if (!n)
        return false;
      if (!n->rules.empty())
        return open(*n);
    }
    return below(*n);
  }

  bool below(const rule_tree_node& n) {
    bool any = !n.rules.empty() && open(n);
    for (auto& [key, child] : n.children)
      any |= below(*child);
    return any;
  }

  bool open(const rule_tree_node& n) {
    if (seen_.insert(&n).second)
      open_.push_back(&n);
    return true;
  }

  const rule_tree& tree_;
  std::set<const rule_tree_node*> seen_;
  std::vector<const rule_tree_node*> open_;
};

} // namespace

result<query_dependencies> dependencies_of(const policy_ptr& p,
                                           std::string_view text,
                                           const prepare_options& o) {
  if (auto fine = prepare(p, text, o); !fine)
    return fine.error_list();
  auto& owner = static_cast<const compiled_policy&>(*p);
  auto q = parse_query(text, {!o.v0_compatible});
  if (!q)
    return q.error_list();
  errors out;
  resolver r("", out, false);
  if (auto wrong = set_scope(r, o.imports, o.package, owner.tree);
      !wrong.empty())
    return wrong;
  r.resolve_query(*q);
  if (!out.empty())
    return out;
  // All variables of a query are its answer.
  var_set names;
  for (auto& e : q->literals)
    vars_in(e, names);
  std::list<term> answer;
  std::vector<const term*> outside;
  for (auto& name : names) {
    auto& t = answer.emplace_back();
    t.kind = term_kind::var;
    t.text = name;
    if (!is_wildcard(name) && !is_root(name))
      outside.push_back(&t);
  }
  collecting all(owner.tree);
  all.add(*q, outside);
  all.finish();
  return std::move(all.out);
}

} // namespace rego
