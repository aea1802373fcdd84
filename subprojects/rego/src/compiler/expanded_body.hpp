// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bodies as OPA rewrites them before it looks for unsafe variables: each call
// within a literal, each head of a closure and what of a rule's head has to be
// evaluated becomes a literal of its own. Only errors are told from them.

#include "parser/ast.hpp"

namespace rego {

/// Whether a variable was made here, and hence means nothing to the reader.
bool is_made_up(const std::string& var);

struct expanded_rule {
  std::vector<term> parts; // of the head: key, value, path, in OPA's order
  query body;
};

expanded_rule expanded(const rule& clause);
query expanded(const query& q);

} // namespace rego
