// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Takes out of a body the variables that only carry a value from one literal to
// others, as OPA does.

#include "compiler/vars.hpp"
#include "partial/node.hpp"

namespace rego::partial {

/// `live` variables stay. Where the body would be empty it is `true` if asked.
/// A reference that has to be defined is named in a positive literal of the
/// result or outside of what `not` negates, if in neither then in a literal of
/// its own: OPA takes all of a negated one for it too, and so loses the
/// condition that `not` does not make.
literals propagate(arena& memory, const literals& body, const names& live,
                   const arity_of& arity, bool nonempty);

} // namespace rego::partial
