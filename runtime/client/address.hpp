// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a node is, as the user writes it.

#include "runtime/base/error.hpp"

namespace acgs::client {

/// Nothing where the address is unix:PATH with a path that a socket can have,
/// HOST:PORT or [IPV6]:PORT; else `invalid_argument`, saying what is wrong with
/// it. Whether there is such a host nobody is asked.
caf::error check_address(std::string_view address);

} // namespace acgs::client
