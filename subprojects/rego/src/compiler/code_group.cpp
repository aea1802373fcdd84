// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Groups: of a comprehension in which a literal compares what its body comes to
// with what is known outside, {v | some s in xs; f(s) == k; v := s.v}, all rows
// that the literals before it give are kept by that key, f(s), and found again
// when the comprehension is evaluated for another k. What stands behind the
// literal is evaluated for the rows of one key alone, as it is without a group:
// so it may hang on anything, and its errors are the same. Only which of
// several errors comes first can differ, since all rows are gathered before.
// Of several such literals the later ones only lend their keys: they are
// evaluated in their turn, too.

#include "compiler/code_writer.hpp"
#include "compiler/quiet.hpp"

#include <algorithm>

namespace rego {

namespace {

bool is_plain_collection(const term& t) {
  return t.kind == term_kind::array || t.kind == term_kind::set
         || t.kind == term_kind::object;
}

} // namespace

/// Looks for the literal by which a comprehension's rows can be grouped.
class code_writer::group_search {
public:
  group_search(const code_writer& w, const term& t)
      : w_(w), list_(t.body->literals),
        arity_([&w](const term& callee) { return w.u_.arity(callee); }) {
    var_set vars;
    all_vars(t, vars);
    for (auto& v : vars)
      if (w_.bound(v))
        safe_.insert(v);
    outside_ = safe_;
  }

  bool find() {
    if (outside_.empty() || std::none_of(list_.begin(), list_.end(), compares))
      return false;
    for (at_ = 0; at_ < list_.size(); ++at_) {
      auto& e = list_[at_];
      if (compares(e) && (groups(e.terms[0], 1) || groups(e.terms[0], 2))) {
        add_parts();
        return true;
      }
      // What is shown is shown each time.
      if (tells_the_user(e) || !take(e))
        return false;
    }
    return false;
  }

  grouping found;

private:
  static constexpr size_t around_max = 2;
  static constexpr size_t parts_max = 4;

  static bool compares(const expr& e) {
    if (e.kind != expr_kind::term || e.negated || !e.withs.empty())
      return false;
    auto& t = e.terms[0];
    return (t.is_call("eq") || t.is_call("equal")) && t.args.size() == 3;
  }

  // A literal more whose rows are gathered.
  bool take(const expr& e) {
    var_set vars;
    all_vars(e, vars);
    add_outside(vars, around_);
    scans_ = scans_ || e.kind == expr_kind::some_in
             || (e.kind == expr_kind::term && !e.negated && scans(e.terms[0]));
    safe_.merge(output_vars(e, safe_, arity_));
    return around_.size() <= around_max;
  }

  void add_outside(const var_set& vars, var_set& to) const {
    for (auto& v : vars)
      if (outside_.count(v))
        to.insert(v);
  }

  // Does it come to several values?
  bool scans(const term& t) const {
    spend();
    if (t.body || t.kind == term_kind::template_string)
      return false;
    if (t.is_call("walk"))
      return true;
    for (size_t i = 0; i < t.args.size(); ++i)
      if ((t.kind == term_kind::ref && i && !w_.evaluable(t.args[i], &safe_))
          || scans(t.args[i]))
        return true;
    return false;
  }

  bool groups(const term& equality, size_t side) {
    auto& key = equality.args[side];
    auto& known = equality.args[3 - side];
    bool maybe = false;
    auto around = around_;
    if (!(scans_ || scans(key)) || !fits(key, known, maybe, around))
      return false;
    // It must not be computed where it would not be without the group: behind
    // what is undefined, or an element that differs.
    bool late = (maybe && side == 2)
                || (key.kind == known.kind && is_plain_collection(key));
    if ((late && !is_quiet(key)) || w_.joined(list_.first(at_), key, known))
      return false;
    found = {at_, {{&key, &known, maybe}}, std::move(around)};
    return true;
  }

  // What the comparisons behind it compare is part of the key, where computing
  // that for each row is not seen.
  void add_parts() {
    for (auto i = at_ + 1; i < list_.size() && compares(list_[i]); ++i) {
      auto& equality = list_[i].terms[0];
      if (!is_quiet(equality.args[1]) || !is_quiet(equality.args[2])
          || found.parts.size() == parts_max)
        return;
      if (!add_part(equality, 1))
        add_part(equality, 2);
    }
  }

  bool add_part(const term& equality, size_t side) {
    auto& key = equality.args[side];
    auto& known = equality.args[3 - side];
    bool maybe = false;
    auto around = found.around;
    if (!fits(key, known, maybe, around) || around != found.around
        || scans(key))
      return false;
    found.parts.push_back({&key, &known, maybe});
    return true;
  }

  // Hangs the key on the row, and what it is compared with on more than the
  // variables that rows hang on, to which the key's are added?
  bool fits(const term& key, const term& known, bool& maybe,
            var_set& around) const {
    if (!is_known(known, maybe) || !w_.evaluable(key, &safe_))
      return false;
    var_set of_key;
    all_vars(key, of_key);
    add_outside(of_key, around);
    var_set of_known;
    all_vars(known, of_known);
    bool differs = std::any_of(of_known.begin(), of_known.end(),
                               [&](auto& v) { return around.count(v) == 0; });
    bool inner = std::any_of(of_key.begin(), of_key.end(),
                             [&](auto& v) { return outside_.count(v) == 0; });
    return differs && inner && around.size() <= around_max;
  }

  // Known outside, and harmless to compute before its turn.
  bool is_known(const term& t, bool& maybe) const {
    spend();
    if (is_scalar(t))
      return true;
    if (t.kind == term_kind::var)
      return w_.bound(t.text) != nullptr;
    if (t.kind == term_kind::ref) {
      maybe = true;
      auto& head = t.args[0];
      return head.kind == term_kind::var
             && (head.text == "input" || w_.bound(head.text))
             && std::all_of(t.args.begin() + 1, t.args.end(), is_scalar);
    }
    return is_plain_collection(t)
           && std::all_of(t.args.begin(), t.args.end(),
                          [&](const term& a) { return is_known(a, maybe); });
  }

  const code_writer& w_;
  std::span<const expr> list_;
  arity_of arity_;
  var_set outside_, safe_, around_;
  bool scans_ = false;
  size_t at_ = 0;
};

void code_writer::comprehension_body(const term& t, const then& each) {
  if (!u_.reference && !u_.instrument) {
    group_search search(*this, t);
    if (search.find())
      return grouped_body(t, search.found, each);
  }
  traced_body(*t.body, t.at, each);
}

void code_writer::grouped_body(const term& t, const grouping& g,
                               const then& each) {
  inner_scope scope(*this);
  auto end = new_label();
  failing_to(end, [&] {
    // What may be undefined is compared within a set, as is the key then.
    std::vector<int32_t> known;
    for (auto& p : g.parts)
      known.push_back(p.maybe ? part_set(*p.known) : value_of(*p.known));
    known.push_back(one_of(known, t.at));
    std::vector<int32_t> of{known.back()};
    for (auto& v : g.around)
      of.push_back(*bound(v));
    auto n = count_of(of.size());
    // The list's place in the unit tells this comprehension from others.
    auto list = arguments(of);
    auto rows = fresh();
    auto builder = fresh();
    auto kept = new_label();
    aim(emit({op::group, 0, n, rows, builder, list}, t.at), kept);
    auto names = group_rows(t, g, builder, known);
    emit({op::group_rows, 0, n, rows, builder, list}, t.at);
    place_label(kept);
    auto s = open_scan(rows, t.at);
    for (size_t i = 0; i < names.size(); ++i) {
      auto part = s.element;
      if (names.size() > 1) {
        part = fresh();
        auto k = u_.constant(value::integer(static_cast<int64_t>(i)));
        emit_failing({op::get, 0, 0, part, s.element, k}, t.at);
      }
      bind(names[i], part);
    }
    literals(std::span(t.body->literals).subspan(g.at + 1));
    each();
    jump(fail_, t.at);
  });
  place_label(end);
}

// Gathers the rows, which hold what is needed behind them: one variable itself,
// several in an array. Returns their names.
std::vector<std::string>
code_writer::group_rows(const term& t, const grouping& g, int32_t builder,
                        const std::vector<int32_t>& known) {
  inner_scope scope(*this);
  std::span list = t.body->literals;
  var_set vars;
  for (auto& e : list.subspan(g.at + 1))
    all_vars(e, vars);
  for (auto& a : t.args)
    all_vars(a, vars);
  std::vector<std::string> names;
  for (auto& v : vars)
    if (!bound(v))
      names.push_back(v);
  auto end = new_label();
  failing_to(end, [&] {
    literals(list.first(g.at));
    auto& at = list[g.at].at;
    auto key = group_key(g, builder, known, at);
    emit_failing({op::group_row, 0, 0, builder, key, known.back()}, at);
    std::erase_if(names, [this](auto& v) { return !bound(v); });
    std::vector<int32_t> parts;
    for (auto& v : names)
      parts.push_back(*bound(v));
    auto row =
        parts.empty() ? u_.constant(value::boolean(true)) : one_of(parts, at);
    emit({op::build_add, 0, 0, builder, row}, at);
    jump(fail_, at);
  });
  place_label(end);
  return names;
}

// A row that differs in one part ends there, and costs no key.
int32_t code_writer::group_key(const grouping& g, int32_t builder,
                               const std::vector<int32_t>& known,
                               const location& at) {
  std::vector<int32_t> keys;
  for (size_t i = 0; i < g.parts.size(); ++i) {
    auto& p = g.parts[i];
    auto key = value_of(*p.key);
    if (p.maybe || g.parts.size() > 1)
      emit_failing(
          {op::group_test, uint8_t{p.maybe}, 0, builder, key, known[i]}, at);
    keys.push_back(key);
  }
  for (size_t i = 0; i < keys.size(); ++i)
    if (g.parts[i].maybe) {
      auto one = fresh();
      emit({op::set, 0, 1, one, arguments({keys[i]})}, at);
      keys[i] = one;
    }
  return one_of(keys, at);
}

// The only one itself, several in an array.
int32_t code_writer::one_of(const std::vector<int32_t>& parts,
                            const location& at) {
  if (parts.size() == 1)
    return parts[0];
  auto all = fresh();
  emit({op::array, 0, count_of(parts.size()), all, arguments(parts)}, at);
  return all;
}

} // namespace rego
