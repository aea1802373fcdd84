// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What string templates and print() collect is not asked of the body around
// them: a variable of theirs that nothing binds is an error before all that is
// said of unsafe variables. Runs when names are resolved.

#include "compiler/vars.hpp"
#include "rego/error.hpp"

namespace rego {

/// Whether the text may have any.
bool may_capture(std::string_view source);

/// As OPA finds them: within closures once more for each that is around.
errors check_templates(const module& m, const arity_of& arity);
errors check_prints(const module& m, const arity_of& arity);

/// Both of a query, by its text and, between them, what its names are found
/// wrong for when templates are right: the first kind that there is.
errors check_captures(const query& q, std::string_view text,
                      const arity_of& arity, errors later);

} // namespace rego
