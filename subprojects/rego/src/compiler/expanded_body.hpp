// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bodies as OPA rewrites them before it looks for unsafe variables: each call
// within a literal, each head of a closure, what `with` puts in place and what
// of a rule's head has to be evaluated becomes a literal of its own. Errors are
// told from them; and what is safe as such alone is evaluated as such.

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

/// A tree that can be evaluated in place of the clause or query. Its literals
/// that are not written there have no text. Templates and prints stay.
rule evaluable(rule clause);
query evaluable(const query& q);

} // namespace rego
