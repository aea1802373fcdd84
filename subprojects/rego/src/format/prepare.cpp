// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "format/prepare.hpp"

#include <algorithm>

namespace rego::formatting {

namespace {

// Each function below visits everything below a node, the node last.
template <class Visit>
void visit(query& q, const Visit& v);

template <class Visit>
void visit(term& t, const Visit& v) {
  for (auto& a : t.args)
    visit(a, v);
  if (t.body)
    visit(*t.body, v);
  v(t);
}

template <class Visit>
void visit(expr& e, const Visit& v) {
  for (auto& t : e.terms)
    visit(t, v);
  if (e.body)
    visit(*e.body, v);
  for (auto& b : e.bodies)
    visit(*b, v);
  for (auto& w : e.withs) {
    visit(w.target, v);
    visit(w.replacement, v);
    v(w);
  }
  v(e);
}

template <class Visit>
void visit(query& q, const Visit& v) {
  for (auto& e : q.literals)
    visit(e, v);
}

template <class Visit>
void visit(rule_head& h, const Visit& v) {
  visit(h.ref, v);
  for (auto& a : h.args)
    visit(a, v);
  visit(h.key, v);
  visit(h.value, v);
}

// The later value of a repeated key counts, in the earlier one's place.
void drop_repeated_keys(term& t) {
  std::vector<term> out;
  for (size_t i = 0; i + 1 < t.args.size(); i += 2) {
    size_t k = 0;
    while (k < out.size() && compare_terms(out[k], t.args[i]) != 0)
      k += 2;
    if (k < out.size()) {
      out[k + 1] = std::move(t.args[i + 1]);
    } else {
      out.push_back(std::move(t.args[i]));
      out.push_back(std::move(t.args[i + 1]));
    }
  }
  t.args = std::move(out);
}

void drop_repeated_members(term& t) {
  std::vector<term> out;
  for (auto& m : t.args)
    if (std::none_of(out.begin(), out.end(),
                     [&](auto& x) { return compare_terms(x, m) == 0; }))
      out.push_back(std::move(m));
  t.args = std::move(out);
}

// Only collections of what may be equal by chance are looked through.
constexpr size_t repeats_looked_for = 2'000;

struct tidy {
  void operator()(term& t) const {
    if (t.args.size() > repeats_looked_for)
      return;
    if (t.is(term_kind::object))
      drop_repeated_keys(t);
    else if (t.is(term_kind::set))
      drop_repeated_members(t);
  }
  void operator()(with_modifier&) const {}
  void operator()(expr&) const {}
};

// Gives nodes a rule's place. Literal strings keep their text, by which they
// are written.
struct move_to {
  const rule& r;
  extent where() const {
    return {r.at.offset, r.at.offset + static_cast<uint32_t>(r.text.size())};
  }
  void operator()(term& t) const {
    t.at = r.at;
    if (!t.is(term_kind::string))
      t.where = where();
  }
  void operator()(with_modifier& w) const {
    w.at = r.at;
    w.where = where();
  }
  void operator()(expr& e) const {
    e.at = r.at;
    e.text = r.text;
  }
};

// In a place that all members share, a set has the order of its values.
struct order_members {
  void operator()(term& t) const {
    if (t.is(term_kind::set)) {
      std::stable_sort(t.args.begin(), t.args.end(), [](auto& a, auto& b) {
        return compare_terms(a, b) < 0;
      });
    } else if (t.is(term_kind::object)) {
      std::vector<std::pair<term, term>> pairs;
      for (size_t i = 0; i + 1 < t.args.size(); i += 2)
        pairs.emplace_back(std::move(t.args[i]), std::move(t.args[i + 1]));
      std::stable_sort(pairs.begin(), pairs.end(), [](auto& a, auto& b) {
        return compare_terms(a.first, b.first) < 0;
      });
      t.args.clear();
      for (auto& [k, v] : pairs) {
        t.args.push_back(std::move(k));
        t.args.push_back(std::move(v));
      }
    }
  }
  void operator()(with_modifier&) const {}
  void operator()(expr&) const {}
};

void prepare_else(rule& r) {
  r.head.value.at = r.head.at;
  if (!r.head.value.is(term_kind::string))
    r.head.value.where = r.head.where;
  // A literal without braces has the place of its clause.
  if (!r.no_body && !r.body.braces) {
    visit(r.body, order_members());
    visit(r.body, move_to{r});
  }
  if (r.otherwise)
    prepare_else(*r.otherwise);
}

} // namespace

void prepare(std::vector<rule>& rules) {
  for (auto& r : rules) {
    for (auto* c = &r; c; c = c->otherwise.get()) {
      visit(c->head, tidy());
      visit(c->body, tidy());
    }
    if (r.otherwise)
      prepare_else(*r.otherwise);
    if (r.chained) {
      auto to = move_to{r};
      visit(r.head, to);
      r.head.at = r.at;
      r.head.where = to.where();
    }
  }
}

} // namespace rego::formatting
