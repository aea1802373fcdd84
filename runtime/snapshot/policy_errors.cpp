// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/snapshot/policy_errors.hpp"

#include <rego/json.hpp>

#include <algorithm>

namespace acgs {

namespace {

rego::errors first_of(const rego::errors& errors) {
  auto shown = std::min(errors.size(), told_errors_max);
  return {errors.begin(), errors.begin() + static_cast<std::ptrdiff_t>(shown)};
}

std::string lines_of(const rego::errors& errors) {
  std::string text;
  for (const auto& error : first_of(errors)) {
    if (!text.empty())
      text += '\n';
    text += rego::to_string(error);
  }
  if (errors.size() > told_errors_max)
    text += "\nand " + std::to_string(errors.size() - told_errors_max)
            + " errors more";
  return text;
}

} // namespace

std::string told_errors(const rego::errors& errors) {
  rego::arena memory;
  return rego::to_json(rego::errors_value(memory, first_of(errors)));
}

caf::error make_error(ec code, const rego::errors& errors) {
  return make_error(code, lines_of(errors), {}, told_errors(errors));
}

} // namespace acgs
