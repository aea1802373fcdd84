// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "format/prepare.hpp"

#include <algorithm>
#include <cmath>

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

bool scalar_text(const term& t) {
  return t.is(term_kind::number) || t.is(term_kind::string)
         || t.is(term_kind::var);
}

int compare_numbers(const std::string& a, const std::string& b) {
  if (a == b)
    return 0;
  auto x = std::strtod(a.c_str(), nullptr), y = std::strtod(b.c_str(), nullptr);
  if (x != y)
    return x < y ? -1 : 1;
  // Beyond what a double tells apart, other digits are another number.
  return std::abs(x) < 9e15 ? 0 : a.compare(b);
}

// The later value of a repeated key counts, in the earlier one's place.
void drop_repeated_keys(term& t) {
  std::vector<term> out;
  for (size_t i = 0; i + 1 < t.args.size(); i += 2) {
    size_t k = 0;
    while (k < out.size() && compare(out[k], t.args[i]) != 0)
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
                     [&](auto& x) { return compare(x, m) == 0; }))
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
      std::stable_sort(t.args.begin(), t.args.end(),
                       [](auto& a, auto& b) { return compare(a, b) < 0; });
    } else if (t.is(term_kind::object)) {
      std::vector<std::pair<term, term>> pairs;
      for (size_t i = 0; i + 1 < t.args.size(); i += 2)
        pairs.emplace_back(std::move(t.args[i]), std::move(t.args[i + 1]));
      std::stable_sort(pairs.begin(), pairs.end(), [](auto& a, auto& b) {
        return compare(a.first, b.first) < 0;
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

int compare(const term& a, const term& b) {
  if (a.kind != b.kind)
    return a.kind < b.kind ? -1 : 1;
  if (a.is(term_kind::boolean))
    return static_cast<int>(a.truth) - static_cast<int>(b.truth);
  if (a.is(term_kind::number))
    return compare_numbers(a.text, b.text);
  if (scalar_text(a))
    return a.text.compare(b.text);
  if (a.body || b.body || a.is(term_kind::template_string))
    return a.where.begin < b.where.begin ? -1 : a.where.begin > b.where.begin;
  for (size_t i = 0; i < a.args.size() && i < b.args.size(); ++i)
    if (auto c = compare(a.args[i], b.args[i]))
      return c;
  return a.args.size() < b.args.size() ? -1 : a.args.size() > b.args.size();
}

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
