// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Answers that are errors.

#include "actors/evaluator/answer.hpp"

#include <rego/engine.hpp>

#include <string>

namespace acgs::evaluator {

answer failed(ec code, std::string message);

/// With the engine's errors; the sentence is of the first.
answer failed(ec code, const rego::errors& errors);

/// By the first of the engine's errors. Where a bound was reached, the sentence
/// begins with the key of the configuration that sets it.
answer failed(const rego::errors& errors);

} // namespace acgs::evaluator
