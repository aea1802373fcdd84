// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/make_index.hpp"

#include <algorithm>
#include <map>

namespace rego {

namespace {

using test = index_condition::test;

// What a glob demands of the ends of a text: the longer of what stands before
// its first special character and behind its last. A glob that might be
// invalid demands nothing, as only running it tells.
struct glob_ends {
  std::string text;
  test how = test::begins;
};

glob_ends ends_of(const std::string& glob) {
  if (glob.find_first_of("[\\{") != glob.npos)
    return {};
  auto first = glob.find_first_of("*?"), last = glob.find_last_of("*?");
  if (first == glob.npos)
    return {glob, test::one_of};
  auto tail = glob.substr(last + 1);
  if (tail.size() > first)
    return {std::move(tail), test::ends};
  return {glob.substr(0, first), test::begins};
}

bool are_strings(const term& t) {
  return t.kind == term_kind::null
         || (t.kind == term_kind::array
             && std::all_of(t.args.begin(), t.args.end(), [](auto& a) {
                  return a.kind == term_kind::string && a.text.size() == 1;
                }));
}

class collector {
public:
  explicit collector(unit_writer& u) : u_(u) {}

  void add(const rule& r) {
    conditions.emplace_back();
    shown.emplace_back();
    // An else branch may hold where the clause's own conditions do not, and
    // what is printed before they fail is to be seen; what the head demands
    // comes before either.
    bool head_alone = r.otherwise || prints(r.body);
    if (head_alone && u_.instrument)
      return;
    arguments_.clear();
    for (size_t i = 0; i < r.head.args.size(); ++i) {
      auto& a = r.head.args[i];
      if (is_scalar(a))
        demand_of_argument(static_cast<int>(i), u_.ground(a));
      else if (a.kind == term_kind::var)
        arguments_.emplace(a.text, static_cast<int>(i));
      else if (!u_.instrument)
        demand_elements({static_cast<int>(i), {}}, a);
    }
    if (head_alone)
      return;
    for (auto& e : r.body.literals)
      if (!e.negated && e.withs.empty()) {
        if (e.kind == expr_kind::term && e.terms[0].kind == term_kind::call)
          call(e.terms[0]);
        if (u_.instrument)
          show(e);
      }
  }

  std::vector<index_subject> subjects;
  std::vector<std::vector<index_condition>> conditions;
  std::vector<std::vector<shown_condition>> shown;
  bool assumes_builtins = false;

private:
  void call(const term& t) {
    auto name = callee_name(t.args[0]);
    if (t.args.size() == 3) {
      if (name == "eq" || name == "equal" || name == "assign") {
        equality(t.args[1], t.args[2]);
        equality(t.args[2], t.args[1]);
      } else if (name == "internal.member_2") {
        membership(t.args[1], t.args[2]);
      } else if (name == "startswith") {
        text(t.args[1], test::begins, t.args[2]);
      } else if (name == "endswith") {
        text(t.args[1], test::ends, t.args[2]);
      }
    } else if (t.args.size() == 4 && name == "glob.match") {
      glob(t.args[1], t.args[2], t.args[3]);
    }
  }

  static bool prints(const query& body) {
    return std::any_of(body.literals.begin(), body.literals.end(), [](auto& e) {
      return e.kind == expr_kind::term && e.terms[0].is_call("print");
    });
  }

  void demand_of_argument(int number, const value& constant) {
    demand({number, {}}, test::one_of, {constant});
    if (u_.instrument)
      shown.back().push_back({number_of({number, {}}), false, constant, {}});
  }

  // What OPA's index takes from a literal: operands of calls become variables
  // of their own, so that what they name has to be defined.
  void show(const expr& e) {
    if (e.kind == expr_kind::every)
      return show_defined(e.terms.back());
    if (e.kind != expr_kind::term)
      return;
    auto& t = e.terms[0];
    bool equation =
        t.is_call("eq") || t.is_call("equal") || t.is_call("assign");
    if (!equation || t.args.size() != 3)
      return show_defined(t);
    if (!show_equality(t.args[1], t.args[2]))
      show_equality(t.args[2], t.args[1]);
    for (size_t i = 1; i < 3; ++i)
      if (!t.args[i].is(term_kind::ref))
        show_defined(t.args[i]);
  }

  bool show_equality(const term& ref, const term& other) {
    shown_condition c;
    index_subject s;
    bool any = other.is(term_kind::call)
               || (other.is(term_kind::var) && !is_root(other));
    c.is_array = other.is(term_kind::array);
    if (c.is_array) {
      for (auto& a : other.args) {
        if (!is_scalar(a) && !(a.is(term_kind::var) && !is_root(a)))
          return false;
        c.items.push_back(is_scalar(a) ? u_.ground(a) : value());
      }
    } else if (is_scalar(other)) {
      c.scalar = u_.ground(other);
    } else if (!any) {
      return false;
    }
    if (!is_subject(ref, s))
      return false;
    c.subject = number_of(std::move(s));
    shown.back().push_back(std::move(c));
    return true;
  }

  void show_defined(const term& t) {
    index_subject s;
    if (t.body)
      return;
    if (t.is(term_kind::ref) && is_subject(t, s))
      shown.back().push_back({number_of(std::move(s)), false, {}, {}});
    else
      for (auto& a : t.args)
        show_defined(a);
  }

  void equality(const term& ref, const term& constant) {
    index_subject s;
    if (!is_subject(ref, s))
      return;
    if (is_scalar(constant))
      demand(std::move(s), test::one_of, {u_.ground(constant)});
    else
      demand_elements(s, constant);
  }

  // An array has its scalars at their places. That the subject is an array of
  // that length is left to the clause.
  void demand_elements(const index_subject& s, const term& array) {
    constexpr size_t elements_max = 16;
    if (!array.is(term_kind::array)
        || !std::ranges::all_of(array.args,
                                [&](auto& a) { return is_flat(a); }))
      return;
    for (size_t i = 0; i < std::min(array.args.size(), elements_max); ++i) {
      auto& a = array.args[i];
      if (!is_scalar(a))
        continue;
      auto element = s;
      element.path.push_back(value::integer(static_cast<int64_t>(i)));
      demand(std::move(element), test::one_of, {u_.ground(a)});
    }
  }

  // Elements that OPA's index knows as well; what references and calls give
  // are variables there, of which instrumented code does not tell.
  bool is_flat(const term& a) const {
    return is_scalar(a) || (a.is(term_kind::var) && !is_root(a))
           || (!u_.instrument
               && (a.is(term_kind::ref) || a.is(term_kind::call)));
  }

  void membership(const term& ref, const term& list) {
    constexpr size_t members_max = 256;
    index_subject s;
    if ((list.kind != term_kind::set && list.kind != term_kind::array)
        || list.args.empty() || list.args.size() > members_max
        || !std::all_of(list.args.begin(), list.args.end(),
                        [](auto& a) { return is_scalar(a); })
        || !is_subject(ref, s))
      return;
    std::vector<value> members;
    for (auto& a : list.args)
      members.push_back(u_.ground(a));
    std::sort(members.begin(), members.end(),
              [](auto& a, auto& b) { return compare(a, b) < 0; });
    members.erase(std::unique(members.begin(), members.end(),
                              [](auto& a, auto& b) { return equal(a, b); }),
                  members.end());
    assumes_builtins = true;
    demand(std::move(s), test::one_of, std::move(members));
  }

  void text(const term& ref, test how, const term& constant) {
    index_subject s;
    if (constant.kind != term_kind::string || constant.text.empty()
        || !is_subject(ref, s))
      return;
    assumes_builtins = true;
    demand(std::move(s), how, {u_.ground(constant)});
  }

  void glob(const term& pattern, const term& delimiters, const term& ref) {
    index_subject s;
    if (pattern.kind != term_kind::string || !are_strings(delimiters)
        || !is_subject(ref, s))
      return;
    auto ends = ends_of(pattern.text);
    if (ends.text.empty())
      return;
    auto constant = pattern;
    constant.text = ends.text;
    assumes_builtins = true;
    demand(std::move(s), ends.how, {u_.ground(constant)});
  }

  // input.k1.k2..., an argument and a path below it, or data.k1.k2... where
  // no rule is.
  bool is_subject(const term& t, index_subject& out) {
    bool is_ref = t.kind == term_kind::ref;
    if (!is_ref && t.kind != term_kind::var)
      return false;
    auto& root = is_ref ? t.args[0] : t;
    if (root.kind != term_kind::var)
      return false;
    auto argument = arguments_.find(root.text);
    if (argument != arguments_.end())
      out.argument = argument->second;
    else if (root.text == "data" && is_ref && is_base(t))
      out.argument = index_subject::of_base;
    else if (root.text != "input")
      return false;
    for (size_t i = 1; is_ref && i < t.args.size(); ++i) {
      if (!is_scalar(t.args[i]))
        return false;
      out.path.push_back(u_.ground(t.args[i]));
    }
    return true;
  }

  // As code_writer reads it: from the base documents alone. Instrumented code
  // does not tell of those.
  bool is_base(const term& t) const {
    const auto* node = u_.instrument ? nullptr : &u_.tree.root();
    for (size_t i = 1; node && i < t.args.size(); ++i) {
      if (!is_scalar(t.args[i]) || !node->rules.empty())
        return false;
      node = rule_tree::child(*node, t.args[i]);
      if (!node)
        return true;
    }
    return false;
  }

  // Of several conditions on a subject the narrowest counts.
  void demand(index_subject s, test how, std::vector<value> constants) {
    auto at = number_of(std::move(s));
    auto& list = conditions.back();
    spend(list.size());
    auto known = std::find_if(list.begin(), list.end(),
                              [&](auto& c) { return c.subject == at; });
    if (known == list.end())
      list.push_back({at, how, std::move(constants)});
    else if (how == test::one_of
             && (known->how != how
                 || constants.size() < known->constants.size()))
      *known = {at, how, std::move(constants)};
  }

  size_t number_of(index_subject s) {
    std::vector<value> key{value::integer(s.argument)};
    key.insert(key.end(), s.path.begin(), s.path.end());
    auto [at, fresh] = numbers_.try_emplace(std::move(key), subjects.size());
    if (fresh)
      subjects.push_back(std::move(s));
    return at->second;
  }

  struct by_order {
    bool operator()(const std::vector<value>& a,
                    const std::vector<value>& b) const {
      return std::lexicographical_compare(
          a.begin(), a.end(), b.begin(), b.end(),
          [](auto& x, auto& y) { return compare(x, y) < 0; });
    }
  };

  unit_writer& u_;
  std::map<std::vector<value>, size_t, by_order> numbers_;
  std::map<std::string, int> arguments_; // of the clause, by name
};

} // namespace

std::shared_ptr<const rule_index> make_index(unit_writer& u,
                                             const rule_tree_node& n) {
  collector c(u);
  for (auto& e : n.rules)
    if (!e.r->is_default)
      c.add(*e.r);
  auto index =
      c.conditions.size() < 3
          ? nullptr
          : rule_index::build(c.subjects, c.conditions, c.assumes_builtins);
  bool shows = std::any_of(c.shown.begin(), c.shown.end(),
                           [](auto& list) { return !list.empty(); });
  if (!shows)
    return index;
  if (!index)
    index = rule_index::of_all(c.conditions.size());
  index->subjects = std::move(c.subjects);
  index->shown = std::move(c.shown);
  return index;
}

} // namespace rego
