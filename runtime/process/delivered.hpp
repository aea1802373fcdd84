// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a program ends whose output may not have arrived.

#include <string_view>

namespace acgs::process {

/// The code that a program ends with, `code` where all that it wrote to
/// std::cout has arrived, or its reader left, as `head` does when it has
/// enough. Else 4, with a sentence about it on standard error, which begins
/// with `who`. To be called last in main.
int delivered(std::string_view who, int code);

} // namespace acgs::process
