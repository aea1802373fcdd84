// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The client's side of mutual TLS: what kj needs, from PEM files.

#include "runtime/client/client.hpp"

#include <kj/compat/tls.h>
#include <kj/memory.h>

namespace acgs::client {

/// Trusts the authority of the options and nobody else, and shows their
/// certificate. Fails with `invalid_argument`, naming the option, where a file
/// is missing, too large or not PEM, or the key is another certificate's.
result<kj::Own<kj::TlsContext>> make_tls_context(const options& how);

/// The name that the node's certificate must have: as given, else the host of
/// the address; `localhost` for a numeric address, which certificates name
/// apart.
std::string server_name(const options& how);

} // namespace acgs::client
