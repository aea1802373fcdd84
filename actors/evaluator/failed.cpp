// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/failed.hpp"

#include <utility>

namespace acgs::evaluator {

namespace {

/// The key of the bound that ended an evaluation, with a colon behind it, so
/// that a client learns which one to ask the operator about; empty where the
/// configuration has no such bound.
std::string bound_prefix(rego::bound reached) {
  switch (reached) {
  case rego::bound::instructions:
    return "policy.instructions_max: ";
  case rego::bound::time:
    return "policy.time_max: ";
  case rego::bound::memory:
    return "policy.memory_max: ";
  default:
    return {};
  }
}

} // namespace

answer failed(ec code, std::string message) {
  answer out;
  out.outcome = domain::verdict::error;
  out.error = code;
  out.message = std::move(message);
  return out;
}

answer failed(const rego::errors& errors) {
  const auto& first = errors.front();
  if (first.reached != rego::bound::none)
    return failed(ec::limit_exceeded,
                  bound_prefix(first.reached) + rego::to_string(first));
  auto code = ec::evaluation_failed;
  if (first.code == "json_error")
    code = ec::invalid_argument;
  return failed(code, rego::to_string(first));
}

} // namespace acgs::evaluator
