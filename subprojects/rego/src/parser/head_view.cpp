// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "parser/head_view.hpp"

#include <algorithm>
#include <utility>

namespace rego {

namespace {

using origin = head_view::value_origin;

bool has_variable(const term& t) {
  if (t.is(term_kind::var) || t.is(term_kind::ref) || t.body)
    return true;
  for (auto& a : t.args)
    if (has_variable(a))
      return true;
  return false;
}

// p, p { ... }, p := x { ... }, p[x] if ..., default p := x.
void classify_with_body(head_view& h, const rule& r) {
  bool pair = h.ref.size() == 2;
  h.origin = r.head.has_value ? origin::written : origin::generated;
  if (r.is_default || !pair || !h.args->empty())
    return;
  h.named = !r.uses_if || r.head.has_value;
  if (r.uses_if) {
    if (has_variable(h.ref[1]))
      h.key = &r.head.ref.args[1];
    if (!r.head.has_value)
      h.origin = origin::at_head;
  } else {
    h.key = &r.head.ref.args[1];
  }
}

// A statement: p := x, p[x] = y, f(x) = y, f(x), p.q.r.
void classify_statement(head_view& h, const rule& r, const places& where) {
  bool function = !h.args->empty();
  if (r.head.has_value) {
    h.origin = origin::written;
    if (!function && h.ref.size() == 2) {
      h.key = &r.head.ref.args[1];
      h.named = true;
    }
    return;
  }
  h.origin = origin::at_head;
  if (function)
    h.at = where.of(r.head.ref);
}

} // namespace

bool needs_ref_form(const rule& r) {
  auto& ref = r.head.ref;
  auto parts = ref.is(term_kind::ref) ? ref.args.size() : 1;
  return parts > 2 || (parts == 2 && r.head.is_set);
}

head_view view_head(const rule& r, const places& where, bool is_else) {
  head_view h;
  h.args = &r.head.args;
  h.value = &r.head.value;
  h.assigned = r.head.assigned;
  h.at = where.of(r.head.at, r.head.where);
  if (is_else) {
    static const std::vector<term> none;
    term name;
    name.kind = term_kind::var;
    name.text = "else";
    name.at = r.head.at;
    name.where = r.head.where;
    h.ref.push_back(std::move(name));
    h.args = &none;
    h.origin = r.head.has_value ? origin::written : origin::generated;
    return h;
  }
  auto& ref = r.head.ref;
  if (ref.is(term_kind::ref))
    h.ref = ref.args;
  else
    h.ref.push_back(ref);
  h.named = h.ref.size() == 1;
  if (r.head.is_set) {
    h.key = &r.head.key;
    h.value = nullptr;
  } else if (r.no_body && !r.is_default) {
    classify_statement(h, r, where);
  } else {
    classify_with_body(h, r);
  }
  return h;
}

bool is_partial_object(const rule& r) {
  if (r.head.is_set || r.head.is_function)
    return false;
  auto h = view_head(r, places({}), false);
  return h.key || !std::all_of(h.ref.begin() + 1, h.ref.end(), [](auto& t) {
           return is_scalar(t);
         });
}

} // namespace rego
