// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The error of whoever reads a store, a backup or an archive and finds it
// damaged.

#include "runtime/base/error.hpp"

#include <string>

namespace acgs::store {

/// What was read is not what was once written: which place, and what is wrong.
inline caf::error corrupt(const std::string& what) {
  return make_error(ec::store_corrupt, what);
}

} // namespace acgs::store
