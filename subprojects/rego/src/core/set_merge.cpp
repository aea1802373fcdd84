// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "core/set_merge.hpp"

#include <algorithm>

#include "rego/build.hpp"

namespace rego {

namespace {

using member_list = std::span<const value>;

// The first at or behind `from` that is not less than x, in time with the
// logarithm of how far that is.
size_t first_not_less(member_list in, size_t from, const value& x) {
  size_t step = 1;
  auto less = [](const value& m, const value& n) { return compare(m, n) < 0; };
  while (from + step <= in.size() && less(in[from + step - 1], x)) {
    from += step;
    step *= 2;
  }
  auto end = std::min(from + step, in.size());
  return static_cast<size_t>(
      std::lower_bound(in.begin() + static_cast<std::ptrdiff_t>(from),
                       in.begin() + static_cast<std::ptrdiff_t>(end), x, less)
      - in.begin());
}

value* copy_members(member_list from, size_t begin, size_t end, value* to) {
  return std::copy(from.begin() + static_cast<std::ptrdiff_t>(begin),
                   from.begin() + static_cast<std::ptrdiff_t>(end), to);
}

value made_of(arena& a, const value* kept, const value* end,
              const value& left) {
  auto size = static_cast<size_t>(end - kept);
  // As many are all of the left one's and no others.
  return size == left.size() ? left : adopt_set(a, kept, size);
}

// What is in both or in the left one alone, each looked up in the right one.
value looked_up(arena& a, const value& left, const value& right, bool both) {
  auto* out = a.allocate_array<value>(left.size());
  auto* end = out;
  for (auto& v : left.keys())
    if ((find_key(right.as_object(), v) >= 0) == both)
      *end++ = v;
  return made_of(a, out, end, left);
}

} // namespace

value merge_sets(arena& a, const value& left, const value& right, set_parts k) {
  auto x = left.keys(), y = right.keys();
  if (!k.right && right.as_object()->index && x.size() / 4 <= y.size())
    return looked_up(a, left, right, k.both);
  auto room = k.left ? x.size() : k.both ? std::min(x.size(), y.size()) : 0;
  auto* out = a.allocate_array<value>(room + (k.right ? y.size() : 0));
  auto* end = out;
  // Where one is much larger than the other, what lies between two members of
  // the other is taken at once.
  bool leaps = std::max(x.size(), y.size()) / 4 > std::min(x.size(), y.size());
  size_t i = 0, j = 0;
  while (i < x.size() && j < y.size()) {
    int order = compare(x[i], y[j]);
    auto next_i = i + (order <= 0), next_j = j + (order >= 0);
    if (leaps && order < 0)
      next_i = first_not_less(x, next_i, y[j]);
    if (leaps && order > 0)
      next_j = first_not_less(y, next_j, x[i]);
    if (order < 0 ? k.left : order == 0 && k.both)
      end = copy_members(x, i, next_i, end);
    if (order > 0 && k.right)
      end = copy_members(y, j, next_j, end);
    i = next_i;
    j = next_j;
  }
  if (k.left)
    end = copy_members(x, i, x.size(), end);
  if (k.right)
    end = copy_members(y, j, y.size(), end);
  return made_of(a, out, end, left);
}

} // namespace rego
