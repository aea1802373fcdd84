// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whole numbers of 128 bits, which the standard has no name for.

namespace rego {

__extension__ using uint128 = unsigned __int128;

} // namespace rego
