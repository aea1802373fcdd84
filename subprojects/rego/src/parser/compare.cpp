// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The order of terms.

#include <cmath>
#include <cstdlib>

#include "parser/ast.hpp"

namespace rego {

namespace {

bool scalar_text(const term& t) {
  return t.is(term_kind::number) || t.is(term_kind::string)
         || t.is(term_kind::var);
}

int compare_number_texts(const std::string& a, const std::string& b) {
  if (a == b)
    return 0;
  auto x = std::strtod(a.c_str(), nullptr), y = std::strtod(b.c_str(), nullptr);
  if (x != y)
    return x < y ? -1 : 1;
  // Beyond what a double tells apart, other digits are another number.
  return std::abs(x) < 9e15 ? 0 : a.compare(b);
}

} // namespace

int compare_terms(const term& a, const term& b) {
  if (a.kind != b.kind)
    return a.kind < b.kind ? -1 : 1;
  if (a.is(term_kind::boolean))
    return static_cast<int>(a.truth) - static_cast<int>(b.truth);
  if (a.is(term_kind::number))
    return compare_number_texts(a.text, b.text);
  if (scalar_text(a))
    return a.text.compare(b.text);
  if (a.body || b.body || a.is(term_kind::template_string))
    return a.where.begin < b.where.begin ? -1 : a.where.begin > b.where.begin;
  for (size_t i = 0; i < a.args.size() && i < b.args.size(); ++i)
    if (auto c = compare_terms(a.args[i], b.args[i]))
      return c;
  return a.args.size() < b.args.size() ? -1 : a.args.size() > b.args.size();
}

} // namespace rego
