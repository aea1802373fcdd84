// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `acgs decide --batch`: a file of inputs, a line each, decided together.

#include "actors/shell/command.hpp"

namespace acgs::shell {

/// The exit code of a decision: 0 where it allows, that of its error where it
/// failed, else 1.
int ending_of(const domain::decision& decision);

/// Reads the file of the option, asks once, and shows a line for each input,
/// in their order. The exit code is the greatest of theirs; an input whose
/// decision was not recorded has that of the error.
int decide_batch(invocation& in);

} // namespace acgs::shell
