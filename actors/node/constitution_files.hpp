// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The constitution and the policies that lie in folders: read once at start.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace acgs::node {

/// Text by path below the folder, with '/' between names.
using module_texts = std::map<std::string, std::string>;

/// All `.rego` files below a folder but the tests (`*_test.rego`), also those
/// that a link leads to. Folders whose names begin with ".." are passed over:
/// in a volume of Kubernetes they hold what the links lead to. Fails with
/// `not_found` (no such folder, or nothing in it), `invalid_argument` (a link
/// to anything but a regular file, what is none under a module's name or cannot
/// be read, a file of data: data.json, data.yaml, data.yml), `too_large` (a
/// file over 1 MiB, over 1,000 files, deeper than 16 folders) or `store_io`,
/// naming the file. As scripts/constitution-digest has it.
result<module_texts> read_modules(const std::filesystem::path& folder);

/// What lies in all of these folders. Fails as `read_modules` does, and with
/// `conflict` where two folders have a file of the same path.
result<module_texts>
read_policies(const std::vector<std::filesystem::path>& folders);

/// What names a constitution of these files.
digest digest_of(const module_texts& modules);

/// Texts by name as one JSON object: the body of the command that takes them.
std::string as_json(const std::map<std::string, std::string>& texts);

} // namespace acgs::node
