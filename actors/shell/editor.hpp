// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The interactive shell: lines by libedit, with a history file and completion.

#include "actors/shell/environment.hpp"

namespace acgs::shell {

/// Reads and runs lines until "exit" or the end of the input. Gives the exit
/// code of the last command.
int run_editor(environment& in, const global_options& defaults);

} // namespace acgs::shell
