// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to this folder: how an environment comes into being.

#include "runtime/base/error.hpp"

#include <filesystem>

namespace acgs::store::detail {

/// Puts the file of an empty environment into a folder that has none: whole
/// and synced, or not at all. LMDB itself writes it in place, and what a first
/// start leaves that is cut off meanwhile would be no store to the next.
caf::error create_lmdb(const std::filesystem::path& folder);

} // namespace acgs::store::detail
