// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Evaluates what does not depend on the unknowns, by the machine.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "parser/ast.hpp"
#include "partial/budget.hpp"
#include "rego/engine.hpp"

namespace rego {

using binding_set = std::map<std::string, term>;

/// Thrown where built-ins are strict and one has an error.
struct builtin_failed {
  error what;
};

class known_parts {
public:
  known_parts(policy_ptr p, const snapshot& data, const value& input,
              const partial_options& o, budget& left)
      : policy_(std::move(p)), data_(data), input_(input), options_(o),
        left_(left), evaluator_(o.world) {}

  /// The solutions of a literal for its variables; nullopt where it cannot be
  /// evaluated by itself, has an error or over `most` solutions.
  std::optional<std::vector<binding_set>>
  solve(const expr& e, const std::vector<std::string>& variables, size_t most);

  /// The value of a ground term as a term; nullopt where it has none or is
  /// large.
  std::optional<term> evaluate(const term& t);

private:
  std::optional<value> ask(const std::string& text);

  policy_ptr policy_;
  const snapshot& data_;
  const value& input_;
  const partial_options& options_;
  budget& left_;
  evaluator evaluator_;
  prepared_ptr last_;
  std::map<std::string, std::optional<term>> remembered_;
};

} // namespace rego
