// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The constitution and the policies that lie in folders: read once at start.

#include "runtime/base/error.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace acgs::node {

/// Text by path below the folder, with '/' between names.
using module_texts = std::map<std::string, std::string>;

/// All `.rego` files below a folder but the tests (`*_test.rego`); links are
/// not followed out of it. Fails with `not_found` (no such folder, or nothing
/// in it), `too_large` (a file over 1 MiB, over 1,000 files, deeper than 16
/// folders) or `store_io`, naming the file.
result<module_texts> read_modules(const std::filesystem::path& folder);

} // namespace acgs::node
