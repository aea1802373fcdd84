// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a file comes into being that must never be seen half made: beside its
// name, as `<name>.new`, and renamed once it is on disk. What a start that was
// cut off left beside it counts for nothing and is made anew.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"

#include <filesystem>
#include <functional>

namespace acgs::store::detail {

/// Writes a new file's content to a descriptor that is not its own.
using file_content = std::function<caf::error(int file)>;

/// Makes a file of mode 0600 where there is none of that name: there whole and
/// for good, or not at all. Fails as `content` does, with `store_full`,
/// `forbidden` or `store_io`.
caf::error make_file(const std::filesystem::path& path,
                     const file_content& content);

} // namespace acgs::store::detail
