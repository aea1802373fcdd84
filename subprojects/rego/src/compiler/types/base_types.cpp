// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/types/base_types.hpp"

#include <algorithm>

#include "core/work.hpp"

namespace rego::types {

namespace {

// Objects around a type, of which the rest is as given.
type nested(const key_path& path, size_t from, type t, const type& key,
            const type& rest) {
  for (size_t i = path.size(); i > from; --i)
    t = object_of({{path[i - 1], t}}, key, rest);
  return t;
}

// The type with another one at the path. What is no object becomes one.
type overridden(const type& whole, const key_path& path, size_t from,
                const type& t) {
  if (from == path.size())
    return t;
  if (!is(whole, type_kind::object))
    return nested(path, from, t, any(), any());
  auto list = whole->properties;
  auto at = std::find_if(list.begin(), list.end(), [&](auto& p) {
    return compare(p.key, path[from]) == 0;
  });
  if (at == list.end())
    list.push_back(
        {path[from], nested(path, from + 1, t, whole->key, whole->rest)});
  else
    at->value = overridden(at->value, path, from + 1, t);
  return object_of(std::move(list), whole->key, whole->rest);
}

bool begins_with(const key_path& path, const key_path& with) {
  return path.size() >= with.size()
         && std::equal(with.begin(), with.end(), path.begin(),
                       [](auto& a, auto& b) { return compare(a, b) == 0; });
}

// Whether the first steps below data are those of the path.
bool leads_along(const std::vector<const term*>& ref, const key_path& path,
                 size_t steps) {
  for (size_t i = 0; i < steps; ++i)
    if (!is_scalar(*ref[i + 1]) || compare(key_of(*ref[i + 1]), path[i]) != 0)
      return false;
  return true;
}

} // namespace

void base_types::set_input(const key_path& path, const type& t) {
  input_ = overridden(input_, path, 0, t);
}

void base_types::set_data(const key_path& path, const type& t) {
  for (auto& p : data_)
    if (begins_with(path, p.path)) {
      p.found = overridden(p.found, path, p.path.size(), t);
      return;
    }
  std::erase_if(data_, [&](auto& p) { return begins_with(p.path, path); });
  data_.push_back({path, t});
}

const base_types::place*
base_types::place_above(const std::vector<const term*>& ref) const {
  spend(data_.size());
  for (auto& p : data_)
    if (p.path.size() < ref.size() && leads_along(ref, p.path, p.path.size()))
      return &p;
  return nullptr;
}

type base_types::with_parts(const std::vector<const term*>& ref, type t) const {
  spend(data_.size());
  for (auto& p : data_)
    if (p.path.size() >= ref.size() && leads_along(ref, p.path, ref.size() - 1))
      t = overridden(t, p.path, ref.size() - 1, p.found);
  return t;
}

} // namespace rego::types
