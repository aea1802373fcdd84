// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/unsafe_vars.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/bound_vars.hpp"
#include "compiler/expanded_body.hpp"
#include "core/work.hpp"

namespace rego {

namespace {

using placed_vars = std::map<std::string, location>;

// Literals that cannot be evaluated, and what each of them lacks.
using lacking = std::map<const expr*, var_set>;

// OPA's order of a body: passes over it take each literal that lacks nothing.
// One that lacks something is looked at again when another of its variables
// became safe.
class body_order {
public:
  body_order(const query& q, const var_set& globals, const arity_of& arity,
             lacking& out)
      : q_(q), arity_(arity), out_(out) {
    auto n = q.literals.size();
    needs_.resize(n);
    closed_.resize(n);
    var_set all;
    for (size_t i = 0; i < n; ++i) {
      body_vars(q.literals[i], arity, needs_[i]);
      all.insert(needs_[i].begin(), needs_[i].end());
      waiting_.insert(waiting_.end(), i);
    }
    for (auto& v : all)
      if (globals.count(v))
        safe_.insert(v);
    for (size_t i = 0; i < n; ++i) {
      closed_vars(q.literals[i], closed_[i]);
      std::erase_if(closed_[i],
                    [&](auto& v) { return !all.count(v) || globals.count(v); });
      for (auto* set : {&needs_[i], &closed_[i]})
        for (auto& v : *set)
          users_[v].push_back(i);
      if (auto missing = unsafe_of(needs_[i], {}); !missing.empty())
        out_[&q.literals[i]] = std::move(missing);
    }
  }

  std::vector<const expr*> taken() {
    std::vector<const expr*> order;
    std::vector<bool> done(q_.literals.size());
    for (size_t from = 0; !waiting_.empty();) {
      auto at = waiting_.lower_bound(from);
      if (at == waiting_.end()) {
        from = 0;
        continue;
      }
      auto i = *at;
      waiting_.erase(at);
      from = i + 1;
      auto bound = bound_by(q_.literals[i], safe_, arity_);
      if (!takes(i, bound))
        continue;
      done[i] = true;
      order.push_back(&q_.literals[i]);
      for (auto& v : bound)
        if (safe_.insert(v).second)
          for (auto user : users_[v])
            if (!done[user])
              waiting_.insert(user);
    }
    return order;
  }

private:
  var_set unsafe_of(const var_set& of, const var_set& bound) const {
    var_set out;
    for (auto& v : of)
      if (!safe_.count(v) && !bound.count(v))
        out.insert(v);
    return out;
  }

  bool takes(size_t i, const var_set& bound) {
    auto* e = &q_.literals[i];
    auto& closed = closed_[i];
    if (!closed.empty() && closed == bound)
      return false; // it would close over what it binds itself
    auto missing = unsafe_of(closed.empty() ? needs_[i] : closed, bound);
    if (missing.empty())
      return out_.erase(e), true;
    out_[e] = std::move(missing);
    return false;
  }

  const query& q_;
  const arity_of& arity_;
  lacking& out_;
  var_set safe_;
  std::vector<var_set> needs_, closed_;
  std::set<size_t> waiting_;
  std::map<std::string, std::vector<size_t>, std::less<>> users_;
};

class body_check {
public:
  body_check(const arity_of& arity, lacking& out) : arity_(arity), out_(out) {}

  void check(const query& q, var_set safe) {
    for (auto* e : body_order(q, safe, arity_, out_).taken()) {
      current_ = e;
      close(*e, safe);
      body_vars(*e, arity_, safe);
    }
  }

private:
  void close(const expr& e, var_set& safe) {
    if (e.kind == expr_kind::every)
      for (size_t i = 0; i + 1 < e.terms.size(); ++i)
        seen_vars(e.terms[i], {}, safe);
    if (e.body)
      nested(*e.body, {}, safe);
    for (auto& b : e.bodies)
      nested(*b, {}, safe);
    if (e.body || !e.bodies.empty())
      return;
    for (auto& t : e.terms)
      close(t, safe);
    for (auto& w : e.withs)
      close(w.replacement, safe);
  }

  void close(const term& t, const var_set& safe) {
    spend();
    if (!t.body) {
      for (auto& a : t.args)
        close(a, safe);
      return;
    }
    var_set head;
    for (auto& a : t.args)
      seen_vars(a, {}, head);
    nested(*t.body, std::move(head), safe);
  }

  // `head`: what the closure gives, and hence needs.
  void nested(const query& q, var_set head, const var_set& safe) {
    var_set own;
    for (auto& e : q.literals)
      body_vars(e, arity_, own);
    for (auto& v : head)
      if (!own.count(v) && !safe.count(v))
        out_[current_].insert(v);
    auto* outer = current_;
    check(q, safe_within(q, safe));
    current_ = outer;
  }

  const arity_of& arity_;
  lacking& out_;
  const expr* current_ = nullptr;
};

bool stands_before(const location& a, const location& b) {
  if (!a.row || !b.row)
    return a.row > b.row; // what has no place stands behind all
  return std::tie(a.row, a.col) < std::tie(b.row, b.col);
}

class telling {
public:
  telling(std::string file, std::string scope)
      : file_(std::move(file)), scope_(std::move(scope)) {}

  void variable(const std::string& var, const location& at) {
    auto name = written_name(var);
    constexpr std::string_view keywords[] = {"and", "contains", "every", "if",
                                             "in",  "not",      "or"};
    auto message = "var " + name + " is unsafe" + scope_;
    if (std::binary_search(std::begin(keywords), std::end(keywords), name))
      message += " (hint: `import future.keywords." + name
                 + "` to import a future keyword)";
    add(std::move(message), at);
  }

  void literal(const location& at) { add("expression is unsafe" + scope_, at); }

  errors sorted() { return in_order(std::move(list_)); }

private:
  void add(std::string message, const location& at) {
    list_.push_back(
        {"rego_unsafe_var_error", std::move(message), file_, at.row, at.col});
  }

  std::string file_, scope_;
  errors list_;
};

// What an unsafe assignment would bind follows from another mistake, if one is
// told.
var_set assigned_in(const lacking& unsafe) {
  var_set out;
  for (auto& [e, vars] : unsafe)
    if (e->kind == expr_kind::term && e->terms[0].is_call("assign"))
      seen_vars(e->terms[0].args[1], {}, out);
  return out;
}

errors tell_all(const lacking& unsafe, telling out) {
  placed_vars first;
  for (auto& [e, vars] : unsafe)
    for (auto& v : vars) {
      auto [at, is_new] = first.emplace(v, e->at);
      if (!is_new && stands_before(e->at, at->second))
        at->second = e->at;
    }
  std::erase_if(first, [](auto& f) { return is_made_up(f.first); });
  var_set assigned;
  for (auto& v : assigned_in(unsafe))
    assigned.insert(written_name(v));
  auto follows = [&](auto& f) {
    return assigned.count(written_name(f.first)) > 0;
  };
  bool all_follow = std::all_of(first.begin(), first.end(), follows);
  for (auto& f : first)
    if (all_follow || !follows(f))
      out.variable(f.first, f.second);
  if (!first.empty())
    return out.sorted();
  // At most once a variable that means nothing to the reader.
  std::vector<const lacking::value_type*> literals;
  for (auto& each : unsafe)
    literals.push_back(&each);
  std::stable_sort(literals.begin(), literals.end(), [](auto* a, auto* b) {
    auto &x = a->first->at, &y = b->first->at;
    return stands_before(x, y)
           || (!stands_before(y, x) && a->second < b->second);
  });
  var_set seen;
  for (auto* l : literals) {
    auto before = seen.size();
    seen.insert(l->second.begin(), l->second.end());
    if (seen.size() > before)
      out.literal(l->first->at);
  }
  return out.sorted();
}

// The name of a rule: its reference up to the first variable.
std::string name_of_rule(const rule& r) {
  auto ref = r.head.ref;
  if (ref.is(term_kind::ref)) {
    auto dynamic = std::find_if_not(ref.args.begin() + 1, ref.args.end(),
                                    [](auto& a) { return is_scalar(a); });
    ref.args.erase(dynamic, ref.args.end());
  }
  return ref_text(ref);
}

// " in rule x" where a line holds rules of several names, and hence the
// position alone does not say which.
class rule_scopes {
public:
  std::string of(const unsafe_clause& c) {
    if (in_ != c.in)
      read(*c.in);
    return shared_.count(c.clause->at.row)
               ? " in rule " + name_of_rule(*c.clause)
               : "";
  }

private:
  void read(const module& m) {
    in_ = &m;
    shared_.clear();
    std::map<int, std::string> first;
    for (auto& r : m.rules)
      for (auto* x = &r; x; x = x->otherwise.get()) {
        auto name = name_of_rule(*x);
        auto [at, is_new] = first.emplace(x->at.row, name);
        if (!is_new && at->second != name)
          shared_.insert(x->at.row);
      }
  }

  const module* in_ = nullptr;
  std::set<int> shared_;
};

// The variables of a head's parts, each with its last place.
void place_vars(const term& t, placed_vars& out) {
  if (t.is(term_kind::var) && !is_root(t))
    out[t.text] = t.at;
  for (size_t i = t.is(term_kind::call) ? 1 : 0; i < t.args.size(); ++i)
    place_vars(t.args[i], out);
}

var_set argument_vars(const rule& clause) {
  var_set out;
  for (auto& a : clause.head.args)
    seen_vars(a, {}, out);
  return out;
}

// Variables of the head that nothing in the body names.
placed_vars missing_in_body(const expanded_rule& r, const rule& clause) {
  auto known = argument_vars(clause);
  seen_vars(r.body, unseen_outside, known);
  placed_vars out;
  for (auto& p : r.parts)
    place_vars(p, out);
  std::erase_if(out, [&](auto& v) {
    return known.count(v.first) || is_made_up(v.first);
  });
  return out;
}

lacking unsafe_in(const query& expanded_body, const var_set& safe,
                  const arity_of& arity) {
  lacking out;
  body_check(arity, out).check(expanded_body, safe);
  return out;
}

errors unsafe_in_head(const unsafe_clause& c, rule_scopes& scopes) {
  auto vars = missing_in_body(expanded(*c.clause), *c.clause);
  if (vars.empty())
    return {};
  telling out(c.in->file, scopes.of(c));
  for (auto& [v, at] : vars)
    out.variable(v, at);
  return out.sorted();
}

errors unsafe_in_body(const unsafe_clause& c, const arity_of& arity,
                      rule_scopes& scopes) {
  auto body = expanded(*c.clause).body;
  auto unsafe = unsafe_in(body, argument_vars(*c.clause), arity);
  return unsafe.empty() ? c.found
                        : tell_all(unsafe, {c.in->file, scopes.of(c)});
}

} // namespace

errors in_order(errors list) {
  std::stable_sort(list.begin(), list.end(), [](auto& a, auto& b) {
    return std::tie(a.row, a.col, a.message)
           < std::tie(b.row, b.col, b.message);
  });
  return list;
}

bool is_unsafe(const rule& clause, const arity_of& arity) {
  auto r = expanded(clause);
  return !missing_in_body(r, clause).empty()
         || !unsafe_in(r.body, argument_vars(clause), arity).empty();
}

bool is_unsafe(const query& q, const arity_of& arity) {
  return !unsafe_in(expanded(q), {}, arity).empty();
}

errors tell_unsafe(const std::vector<unsafe_clause>& list,
                   const arity_of& arity) {
  errors out;
  rule_scopes scopes;
  auto add = [&](errors more) {
    std::move(more.begin(), more.end(), std::back_inserter(out));
  };
  for (auto& c : list)
    add(unsafe_in_head(c, scopes));
  if (out.empty())
    for (auto& c : list)
      add(unsafe_in_body(c, arity, scopes));
  return out;
}

errors tell_unsafe(const query& q, errors found, const arity_of& arity) {
  auto body = expanded(q);
  auto unsafe = unsafe_in(body, {}, arity);
  return unsafe.empty() ? found : tell_all(unsafe, {"", ""});
}

} // namespace rego
