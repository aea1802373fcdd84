// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `audit archive`: old entries and their payloads are written to a folder here,
// verified there, and only then given up by the node, which records it
// (runtime/archive/writer.hpp).

#include "actors/shell/command.hpp"

namespace acgs::shell {

std::vector<parameter> archive_parameters();

int audit_archive(invocation& in, client::connection& node);

/// The first entry that the node can show from `first` on: beyond those that
/// are in an archive which it does not read. Fails as the node does.
result<std::uint64_t> first_shown(client::connection& node,
                                  std::uint64_t first);

} // namespace acgs::shell
