// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// SIGNER's ring from a backup, in the folder of keys again. A backup holds no
// private parts: those were kept by whoever runs the node, and without the ring
// no node would know which of them follow which.

#include "runtime/base/error.hpp"

#include <filesystem>
#include <string>

namespace acgs::backup {

/// Writes `ring.json` into a folder that has the private parts which the ring
/// names and no ring yet; true where it was written, false where one is there.
/// Fails with `not_found`, naming a private part that is missing, with
/// `store_corrupt` on a text that is no ring, and as `write_private_file` does.
result<bool> put_back_ring(const std::filesystem::path& folder,
                           const std::string& ring);

} // namespace acgs::backup
