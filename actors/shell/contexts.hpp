// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Nodes under names of the user's own, so that nobody types certificates.

#include "runtime/base/error.hpp"
#include "runtime/client/client.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace acgs::shell {

struct contexts {
  std::string current; ///< the one in use; empty: none
  std::map<std::string, client::options> known;
};

/// Nothing at all where there is no file. Fails with `invalid_argument`.
result<contexts> load_contexts(const std::filesystem::path& file);

/// Replaces the file, mode 0600. Fails as `output_file` does.
caf::error save_contexts(const std::filesystem::path& file,
                         const contexts& what);

} // namespace acgs::shell
