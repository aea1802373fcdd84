// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What C2SP tlog-tiles serves, from a node over RPC. A bundle of large entries
// is more than a message of RPC holds; it is then put together here of its
// entries, each asked for by itself.

#include "runtime/client/client.hpp"

#include <string>

namespace acgs::shell {

/// The bytes of "checkpoint", "vkey", "tile/..." or "tile/entries/...".
result<std::string> log_resource(client::connection& node,
                                 const std::string& path);

} // namespace acgs::shell
