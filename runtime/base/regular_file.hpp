// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading a file that somebody named, as the configuration or a key: never
// waits, whatever stands there. A FIFO without a writer would keep whoever
// opens it for ever, and a device may have no end.

#include "runtime/base/error.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace acgs {

/// The first `bytes_max` bytes, fewer where the file is shorter. Fails with
/// `invalid_argument` and the reason alone, "it is a folder", so that the
/// caller says which file and what was expected.
result<std::string> read_regular_file(const std::filesystem::path& file,
                                      std::size_t bytes_max);

} // namespace acgs
