// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The policy engine's own program, `rego`, which lies beside `acgs`.

#include "runtime/base/error.hpp"

#include <string>
#include <vector>

namespace acgs::shell {

/// Runs `rego` with these words on the standard streams and gives its exit
/// code. Fails with `unavailable` where it cannot be started.
result<int> run_rego(const std::vector<std::string>& words);

} // namespace acgs::shell
