// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bundles on this machine: an archive, or a folder that is packed into one.

#include "actors/shell/command.hpp"

#include <rego/bundle.hpp>

#include <string>

namespace acgs::shell {

/// The archive at a path; of a folder, one of its files. Fails with
/// `invalid_argument` or `too_large`, naming the file.
result<std::string> read_archive(const std::string& path);

/// An error of the format, with the file's name.
caf::error bundle_error(const rego::errors& errors);

/// `bundle verify`: without a node, whether an archive is in order and signed.
int bundle_verify(invocation& in);

} // namespace acgs::shell
