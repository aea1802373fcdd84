// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The list productions of the GraphQL parser, shared by its two sources.

#include "builtins/graphql_parser.hpp"

namespace rego::graphql {

inline constexpr int nesting_max = 200;

template <class F>
value parser::many(token_kind open, token_kind close, F element) {
  array_builder list(c_.memory());
  if (!skip(open))
    return list.array();
  if (++depth_ > nesting_max)
    fail_at(now_, "exceeded nesting limit");
  // A document that ends too early ends in `element`, which misses a token.
  while (!failed() && !is(close))
    list.push(element());
  --depth_;
  skip(close);
  return list.array();
}

template <class F>
value parser::some(token_kind open, token_kind close, F element) {
  if (!is(open))
    return value();
  auto list = many(open, close, [&] { return element(); });
  if (!failed() && list.size() == 0) {
    // The mark just read is the one that came too early.
    fail_at(before_, "expected at least one definition, found "
                         + std::string(kind_text(before_.kind)));
  }
  return list;
}

} // namespace rego::graphql
