// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Waiting between two looks, until the person presses Ctrl-C.

#include <chrono>

namespace acgs::shell {

/// Waits. False where an interrupt came, which then only ends the waiting.
bool pause_for(std::chrono::milliseconds time);

} // namespace acgs::shell
