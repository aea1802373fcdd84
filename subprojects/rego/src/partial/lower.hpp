// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// From resolved trees to flat literals, as OPA's compiler has them: each call
// is a literal whose result is a variable, references stand alone on a side of
// an equation, `some x in xs` is x = xs[key], heads are variables and
// constants. What is negated stays a body of its own: whatever of it is
// undefined, `not` holds.

#include "compiler/vars.hpp"
#include "parser/ast.hpp"
#include "partial/node.hpp"

namespace rego::partial {

struct flat_rule {
  nodes args;
  nodes suffix; // of the head's reference, beyond its ground beginning
  node_ptr key; // of a set
  node_ptr value;
  literals body;
};

/// A query's literals, in their order; `arity` tells functions from values.
literals flat(arena& memory, const query& q, const arity_of& arity);

/// One clause, its else branches left out; `suffix` is of its head. Throws
/// no_source_text where it has what has no flat form.
flat_rule flat(arena& memory, const rule& r, const std::vector<term>& suffix,
               const arity_of& arity);

} // namespace rego::partial
