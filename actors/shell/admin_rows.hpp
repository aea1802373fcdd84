// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node's parts as rows, for the commands that show them.

#include "actors/shell/output.hpp"
#include "runtime/client/values.hpp"

namespace acgs::shell {

/// As a tree, supervisors before their children; `whole`: with what only a
/// program reads.
std::vector<row> actor_rows(const std::vector<client::actor>& all, bool whole);

/// The work that waits for a supervisor's children: "3/2048".
cell queue_of(const client::actor& from);

std::vector<row> breaker_rows(const std::vector<client::breaker>& all);

/// A row a tier.
std::vector<row> cache_rows(const client::cache_stats& from);

} // namespace acgs::shell
