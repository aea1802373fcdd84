// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an evaluation came to, before it becomes a decision with an id. One
// value serves every request with the same key, so it never changes.

#include "runtime/base/error.hpp"
#include "runtime/domain/decision.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace acgs::evaluator {

/// What the constitution tells apart, for counting; the last one stands for
/// everything that it does not know.
inline constexpr std::array<std::string_view, 4> request_types{
    "constitutional_evaluation", "evolution_approval", "data_access", "other"};

struct answer {
  domain::verdict outcome = domain::verdict::undefined;
  std::string result;          ///< JSON; empty where undefined or an error
  std::string agent;           ///< whom the request is about
  std::string request_type;    ///< one of `request_types`
  std::optional<double> score; ///< `compliance_score` of the result
  ec error = ec::none;
  std::string message;  ///< for the reader, where there is an error
  std::string errors;   ///< the engine's, as JSON (`told_errors`)
  std::string recorded; ///< what it saw of the clock and of randomness
  bool nondeterministic = false;
  std::int64_t nanos = 0; ///< that the evaluation took
  std::int64_t input_parse_nanos = 0;
  std::int64_t prepare_nanos = 0; ///< of the query, where it was not known
  std::uint64_t instructions = 0;
  std::string explanation; ///< JSON array; empty where none was asked for
};

using answer_ptr = std::shared_ptr<const answer>;

} // namespace acgs::evaluator
