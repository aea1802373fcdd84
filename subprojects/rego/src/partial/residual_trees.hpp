// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is left of a query, as syntax trees.

#include "parser/ast.hpp"

namespace rego {

struct residual_trees {
  std::vector<query> queries;
  std::vector<module> support;
};

} // namespace rego
