// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Names on disk. A synced file is only there for good once the folders that
// lead to it are synced as well.

#include "runtime/base/error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace acgs::store {

/// Makes durable what a folder names. Fails with `store_io` or `store_full`.
caf::error sync_folder(const std::filesystem::path& folder);

/// Makes durable what a file holds, whoever has written it. Fails likewise.
caf::error keep_file(const std::filesystem::path& file);

/// As `sync_folder` for a folder and for those above it up to where its file
/// system begins: any of them may have been made by this start. One that we may
/// not read was not.
caf::error keep_folder(const std::filesystem::path& folder);

/// Makes a folder, and those above it, where there is none; what is new is its
/// owner's alone. Whoever opens something there hears what is wrong.
void make_folder(const std::filesystem::path& folder);

/// Takes a folder, and all folders and files below it, from everybody but their
/// owner: who reads or writes there has the log and what opens its payloads. A
/// sentence for each that was open. Links are left alone. Fails as writing
/// does.
result<std::vector<std::string>>
close_to_others(const std::filesystem::path& folder);

} // namespace acgs::store
