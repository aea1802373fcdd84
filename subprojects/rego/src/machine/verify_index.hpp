// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The part of the verifier (verify.hpp) that looks at a rule's index.

#include <optional>
#include <string>

#include "machine/index.hpp"

namespace rego {

/// What is wrong with the index of a rule that has so many clauses and
/// arguments: "whose node 3 ...". Nothing where a search in it is safe and
/// ends, and visits no node twice.
std::optional<std::string> index_refusal(const rule_index& x, size_t clauses,
                                         int arity);

} // namespace rego
