// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Names of files, for completion.

#include <string>
#include <string_view>
#include <vector>

namespace acgs::shell {

/// The files and folders whose names begin as typed, with the folder that was
/// typed before them; folders end in a slash. Hidden ones only where the name
/// begins so, none that would have to be quoted, and at most 1,000. Nothing
/// where the folder cannot be read.
std::vector<std::string> files_beginning(std::string_view typed);

} // namespace acgs::shell
