// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is done to a tree before it is written: collections lose their repeated
// members as OPA's do, and what OPA gives the place of another node gets it
// here, because rows decide the layout.

#include <vector>

#include "parser/place.hpp"

namespace rego::formatting {

/// Changes the rules in place.
void prepare(std::vector<rule>& rules);

} // namespace rego::formatting
