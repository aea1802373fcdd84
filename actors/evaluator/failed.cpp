// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/failed.hpp"

#include "runtime/snapshot/policy_errors.hpp"

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

answer failed(ec code, const rego::errors& errors) {
  auto out = failed(code, rego::to_string(errors.front()));
  out.errors = told_errors(errors);
  return out;
}

answer failed(const rego::errors& errors) {
  const auto& first = errors.front();
  if (first.reached != rego::bound::none)
    return failed(ec::limit_exceeded,
                  bound_prefix(first.reached) + rego::to_string(first));
  if (first.code == "json_error")
    return failed(ec::invalid_argument, rego::to_string(first));
  return failed(ec::evaluation_failed, errors);
}

} // namespace acgs::evaluator
