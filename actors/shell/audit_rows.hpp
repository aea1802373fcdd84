// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An entry as a row: what fits a line, and all of it.

#include "actors/shell/output.hpp"
#include "runtime/client/values.hpp"

namespace acgs::shell {

/// What fits a line. `whole` tells all.
row summary(const client::located_entry& from);
row whole(const client::located_entry& from);

} // namespace acgs::shell
