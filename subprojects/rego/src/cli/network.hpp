// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The option --allow-net, which eval, test, run and bench have in common.

#include "cli/cli.hpp"

namespace rego::cli {

/// What evaluations may learn of the world: the variables of the environment
/// and the version (opa.runtime), and with --allow-net HOST http.send
/// reaches those hosts, reads files and variables that hold certificates and
/// keys, and keeps responses where a policy asks for it. Where capabilities
/// name hosts, those are the ones, but for those that --allow-net leaves out.
environment world_of(const parsed_options& o,
                     const capabilities* allowed = nullptr);

} // namespace rego::cli
