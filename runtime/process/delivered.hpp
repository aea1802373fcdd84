// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a program ends whose output may not have arrived.

#include <string_view>

namespace acgs::process {

/// The code that a program ends with, `code` where all that it wrote to
/// std::cout has arrived, or its reader left, as `head` does when it has
/// enough. Else 4, with a sentence about it on standard error, which begins
/// with `who`; `lost` is why something was lost before, as errno says it, where
/// the program knows. To be called last of all.
int delivered(std::string_view who, int code, int lost = 0);

} // namespace acgs::process
