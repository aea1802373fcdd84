// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bundles on disk, as a tar.gz or as a folder, and the options about their
// signatures that several commands share.

#include <string>
#include <vector>

#include "cli/cli.hpp"
#include "rego/bundle.hpp"

namespace rego::cli {

/// A tar.gz, or a folder with a manifest: what is read as a bundle, by its
/// manifest, and not file by file.
bool is_bundle(const std::string& path);

/// The files of a tar.gz; or of a folder those that a bundle is made of, with
/// paths below it. `ignored` are patterns of names.
result<bundle::file_list>
bundle_files(const std::string& path,
             const std::vector<std::string>& ignored = {});

/// Writes a file, in the place of what is there.
result<bool> write_file(const std::string& to, const std::string& bytes);

/// --signing-key, --signing-alg, --claims-file.
extern const std::vector<std::string> signing_valued;
/// A key is a file, or a secret itself, as OPA has it.
result<bundle::signing> read_signing(const parsed_options& o);

/// --verification-key, --verification-key-id, --scope, --exclude-files-verify.
extern const std::vector<std::string> verifying_valued;
/// Is a signature that the files have good by the key that was named? One that
/// nobody can check is an error; files without one are good where no key was
/// named.
rego::errors check_signature(const parsed_options& o,
                             const bundle::file_list& files,
                             const std::string& path);

} // namespace rego::cli
