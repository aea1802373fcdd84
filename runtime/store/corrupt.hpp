// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The error of whoever reads a store, a backup or an archive and finds it
// damaged.

#include "runtime/base/error.hpp"

#include <cstdint>
#include <string>

namespace acgs::store {

/// What was read is not what was once written: which place, and what is wrong.
inline caf::error corrupt(const std::string& what) {
  return make_error(ec::store_corrupt, what);
}

/// Why a checkpoint that a log's key signed is none of a log of so many
/// entries.
inline std::string not_of_this_log(std::uint64_t signed_size,
                                   std::uint64_t entries) {
  auto size = std::to_string(signed_size);
  if (signed_size <= entries)
    return "its signed checkpoint of size " + size + " is not of this log";
  return "its signed checkpoint is of " + size + " entries, and it holds "
         + std::to_string(entries)
         + ": its end is missing, or it was restored up to a moment (restore "
           "--until), and no node goes on with that";
}

} // namespace acgs::store
