// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which documents a query depends on, as `opa deps` tells: references of the
// query and of the rules that it leads to, up to their first key that is no
// constant.

#include <vector>

#include "rego/engine.hpp"

namespace rego {

struct term;

struct query_dependencies {
  std::vector<term> base;         // of input and data, sorted
  std::vector<term> virtual_ones; // that rules give, sorted
};

/// Fails as `prepare` does.
result<query_dependencies> dependencies_of(const policy_ptr& p,
                                           std::string_view query,
                                           const prepare_options& options = {});

} // namespace rego
