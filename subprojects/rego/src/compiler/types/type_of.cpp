// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The types of terms.

#include "compiler/types/checker.hpp"
#include "core/work.hpp"

namespace rego::types {

bool is_opaque(const term& t) {
  return t.is(term_kind::call) || t.is(term_kind::ref) || t.body
         || t.is(term_kind::template_string);
}

void checker::fail(const location& at, std::string message, error_details why) {
  out_.push_back(
      {"rego_type_error", std::move(message), file_, at.row, at.col});
  out_.back().details = std::move(why);
}

type checker::type_of(const term& t, int depth) const {
  constexpr int depth_max = 64; // deeper types are any
  spend();
  if (depth > depth_max)
    return any();
  if (is_opaque(t)) {
    auto at = found_.find(&t);
    if (at != found_.end())
      return at->second;
    return t.is(term_kind::ref) && is_root(t.args[0]) ? any() : nullptr;
  }
  std::vector<type> items;
  type element;
  switch (t.kind) {
  case term_kind::null:
    return scalar(type_kind::null);
  case term_kind::boolean:
    return scalar(type_kind::boolean);
  case term_kind::number:
    return scalar(type_kind::number);
  case term_kind::string:
    return scalar(type_kind::string);
  case term_kind::var:
    return is_root(t) ? root_type(t) : vars_.of(t.text);
  case term_kind::array:
    for (auto& a : t.args)
      items.push_back(type_of(a, depth + 1));
    return array_of(items, items.empty() ? any() : nullptr);
  case term_kind::set:
    for (auto& a : t.args)
      element = either(element, type_of(a, depth + 1));
    return set_of(element ? element : any());
  case term_kind::object:
    return object_type(t, depth);
  default:
    return nullptr;
  }
}

type checker::object_type(const term& t, int depth) const {
  std::vector<property> list;
  type key, value;
  bool known = true;
  for (size_t i = 0; i + 1 < t.args.size(); i += 2) {
    auto element = type_of(t.args[i + 1], depth + 1);
    if (is_scalar(t.args[i])) {
      list.push_back({key_of(t.args[i]), element});
      continue;
    }
    auto k = type_of(t.args[i], depth + 1);
    known &= k && element;
    key = either(key, k);
    value = either(value, element);
  }
  if (t.args.empty())
    key = value = any();
  // Of several keys one that is not known leaves them all so.
  if (!known && value)
    key = nullptr;
  else if (!known && !key)
    key = any();
  return object_of(std::move(list), key, value);
}

} // namespace rego::types
