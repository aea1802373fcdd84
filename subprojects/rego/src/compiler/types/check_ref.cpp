// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// References: each step must be a key that the value before it can have.

#include <algorithm>

#include "compiler/types/checker.hpp"
#include "core/work.hpp"

namespace rego::types {

namespace {

// Its value is not known from the text: a variable, a call, another reference.
bool is_computed(const term& t) {
  return t.is(term_kind::var) || is_opaque(t);
}

// The keys that a type has by name.
std::vector<constant_key> named_keys(const type& t) {
  std::vector<constant_key> out;
  if (is(t, type_kind::object))
    for (auto& p : t->properties)
      out.push_back(p.key);
  spend(8 * out.size());
  if (is(t, type_kind::any))
    for (auto& member : t->items)
      for (auto& k : named_keys(member))
        out.push_back(k);
  auto less = [](auto& a, auto& b) { return compare(a, b) < 0; };
  std::sort(out.begin(), out.end(), less);
  auto same = [](auto& a, auto& b) { return compare(a, b) == 0; };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

bool is_data(const term& t) {
  return t.is(term_kind::var) && t.text == "data";
}

} // namespace

bool checker::fail_key(const path& ref, size_t i, const type& have,
                       const type& want,
                       const std::vector<constant_key>& one_of) {
  fail(ref[0]->at, "undefined ref: " + path_text(ref, ref.size()),
       tell_key({ref, i, have}, want, one_of));
  return false;
}

bool checker::fail_path(const path& ref, size_t i, const type& have) {
  fail(ref[0]->at, "undefined ref: " + path_text(ref, ref.size()),
       tell_value({ref, i, have}));
  return false;
}

type checker::check_ref(const path& ref) {
  spend(4 * ref.size());
  auto& head = *ref[0];
  if (is_data(head))
    return check_data(ref);
  auto start = type_of(head);
  if (!start) {
    learn(head, any(), false);
    start = any();
  }
  return check_path(ref, 1, start) ? select_path(start, ref, 1) : nullptr;
}

type checker::check_data(const path& ref) {
  if (auto* given = base_.place_above(ref)) {
    auto from = given->path.size() + 1;
    return check_path(ref, from, given->found)
               ? select_path(given->found, ref, from)
               : nullptr;
  }
  auto found = base_.with_parts(ref, document_type(ref));
  if (is(found, type_kind::function)) {
    fail_path(ref, ref.size() - 1, found);
    return nullptr;
  }
  return check_document(ref) ? found : nullptr;
}

// Below data, as far as there are rules.
bool checker::check_document(const path& ref) {
  const auto* n = &tree_.root();
  if (!rules_.known(*n))
    return check_path(ref, 1, any());
  for (size_t i = 1; i < ref.size(); ++i) {
    auto& key = *ref[i];
    if (!check_key(ref, i, *n))
      return false;
    auto* next = rules_.child(*n, key);
    if (!next) {
      take_any(ref, i + 1);
      return true;
    }
    if (auto& own = rules_.value(*next))
      return check_path(ref, i + 1, own);
    n = next;
  }
  return true;
}

// A step to what stands below a node that has no rules itself.
bool checker::check_key(const path& ref, size_t i, const rule_tree_node& n) {
  auto& key = *ref[i];
  auto computed = is_computed(key);
  if (i <= 2 && !computed && !key.is(term_kind::string))
    return fail_key(ref, i, type_of(key), scalar(type_kind::string),
                    rules_.children(n));
  if (!computed)
    return true;
  auto want = keys(rules_.extent(n));
  auto have = type_of(key);
  if (!have)
    return learn(key, want, false);
  if (has_unknown(have) || unifies(want, have))
    return true;
  return fail_key(ref, i, have, want, rules_.children(n));
}

bool checker::check_path(const path& ref, size_t i, type t) {
  for (; i < ref.size(); ++i) {
    if (!t) {
      take_any(ref, i);
      return true;
    }
    if (!keys(t))
      return fail_path(ref, i - 1, t);
    if (!check_element(ref, i, t))
      return false;
  }
  return true;
}

// One step into a value; `t` becomes the type of what is there.
bool checker::check_element(const path& ref, size_t i, type& t) {
  auto& key = *ref[i];
  auto want = keys(t);
  if (is_scalar(key)) {
    auto found = select(t, key_of(key));
    if (!found)
      return fail_key(ref, i, nullptr, want, named_keys(t));
    t = found;
    return true;
  }
  auto have = type_of(key);
  if (!is_computed(key)) {
    if (!learn(key, want, false))
      return fail_key(ref, i, type_of(key), want, {});
  } else if (!have) {
    learn(key, want, false);
  } else if (!has_unknown(have) && !unifies(have, want)) {
    return fail_key(ref, i, have, want, named_keys(t));
  }
  t = values(t);
  return true;
}

void checker::take_any(const path& ref, size_t from) {
  for (size_t i = from; i < ref.size(); ++i)
    take_any(*ref[i]);
}

void checker::take_any(const term& t) {
  if (t.is(term_kind::var) && !is_root(t) && !vars_.of(t.text))
    vars_.set(t.text, any());
  if (!is_opaque(t))
    for (auto& a : t.args)
      take_any(a);
}

// Of input or data as a whole.
type checker::root_type(const term& root) const {
  return is_data(root) ? document_type({&root}) : base_.input();
}

type checker::document_type(const path& ref) const {
  const auto* n = &tree_.root();
  if (!rules_.known(*n))
    return any();
  for (size_t i = 1; i < ref.size(); ++i) {
    auto* next = rules_.child(*n, *ref[i]);
    if (!next && rules_.value(*n))
      return select_path(rules_.value(*n), ref, i);
    if (!next)
      return is_scalar(*ref[i]) ? any()
                                : select_path(rules_.extent(*n), ref, i);
    n = next;
  }
  return rules_.extent(*n);
}

type checker::select_path(type t, const path& ref, size_t from) {
  for (size_t i = from; t && i < ref.size(); ++i)
    t = is_scalar(*ref[i]) ? select(t, key_of(*ref[i])) : values(t);
  return t;
}

} // namespace rego::types
