// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A code of an error as it was sent or recorded.

#include "runtime/base/error.hpp"

namespace acgs {

/// The code of that name; `internal` where it is none, as of a newer node.
ec code_named(std::string_view name);

} // namespace acgs
