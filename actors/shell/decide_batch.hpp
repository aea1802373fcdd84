// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `acgs decide --batch`: a file of inputs, a line each, decided together.

#include "actors/shell/command.hpp"

namespace acgs::shell {

/// Reads the file of the option, asks once, and shows a line for each input,
/// in their order. The exit code is 0 where each was allowed, else 1.
int decide_batch(invocation& in);

} // namespace acgs::shell
