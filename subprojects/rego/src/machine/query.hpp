// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A query as the machine runs it: code of its own over a policy's program,
// which it keeps alive. Immutable once prepared.

#include <memory>
#include <vector>

#include "machine/program.hpp"
#include "rego/engine.hpp"

namespace rego {

class compiled_query : public prepared {
public:
  std::vector<query_expression> expressions() const override { return shown; }

  std::shared_ptr<const void> owner; // a policy, or what was loaded
  const program* prog = nullptr;     // of the owner
  arena memory;
  code_unit unit;
  int registers = 0;
  bool entry = false;
  std::vector<query_expression> shown;
};

} // namespace rego
