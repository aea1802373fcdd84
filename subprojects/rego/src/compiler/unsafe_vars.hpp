// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is told of variables that no order of their bodies makes safe. The
// safety pass finds that there are some; which of them are named, and where,
// follows OPA to the letter.

#include "compiler/vars.hpp"
#include "rego/error.hpp"

namespace rego {

/// A clause in which the safety pass found something, and what it says of it:
/// told where OPA, which overlooks some, would say nothing.
struct unsafe_clause {
  const module* in = nullptr;
  const rule* clause = nullptr;
  errors found;
};

/// Whether OPA finds anything.
bool is_unsafe(const rule& clause, const arity_of& arity);
bool is_unsafe(const query& q, const arity_of& arity);

/// Of heads that name what nothing in their bodies does, or else of bodies.
errors tell_unsafe(const std::vector<unsafe_clause>& list,
                   const arity_of& arity);
errors tell_unsafe(const query& q, errors found, const arity_of& arity);

/// By place, then by text: the order in which OPA tells them.
errors in_order(errors list);

} // namespace rego
