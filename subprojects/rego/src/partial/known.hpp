// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Answers what does not depend on the unknowns, by the machine.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "partial/budget.hpp"
#include "partial/node.hpp"
#include "partial/steps.hpp"
#include "rego/engine.hpp"

namespace rego {

/// Thrown where what is known contradicts itself, or built-ins are strict and
/// one has an error.
struct evaluation_failed {
  error what;
};

class known_parts {
public:
  known_parts(policy_ptr p, const snapshot& data, const value& input,
              const partial_options& o, budget& left, arena& memory,
              partial::steps& told)
      : policy_(std::move(p)), data_(data), input_(input), options_(o),
        left_(left), memory_(memory), steps_(told), evaluator_(o.world) {}

  const value& data() const { return data_.root(); }
  const value& input() const { return input_; }

  /// What an evaluation comes to: undefined has a value that is not defined;
  /// nothing where the machine has an error, or does not finish.
  using answer = std::optional<value>;

  /// A document by its reference, or a function's result by its call, in
  /// Rego; `withs` are modifiers in Rego.
  answer document(const std::string& text, const std::string& withs);
  /// A built-in function of these operands; all results in an array where it
  /// is a relation.
  answer call(const std::string& name, const std::vector<value>& operands,
              bool relation);
  enum class verdict : uint8_t {
    fine,
    never, // by the types of its terms
    unsafe // a variable is bound by none of its literals
  };
  /// What the compiler says of a body.
  verdict check(const std::string& body);

private:
  answer ask(const prepared_ptr& q, const value& input,
             tracer* trace = nullptr);

  policy_ptr policy_;
  const snapshot& data_;
  const value& input_;
  const partial_options& options_;
  budget& left_;
  arena& memory_;
  partial::steps& steps_;
  evaluator evaluator_;
  std::map<std::string, answer> documents_;
  std::map<std::string, prepared_ptr> calls_;
};

} // namespace rego
