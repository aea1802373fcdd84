// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sockets to listen on, made by hand where kj cannot: a Unix socket with its
// mode from the start and a stale file replaced; TCP on the next free port.

#include "runtime/base/error.hpp"

#include <kj/async-io.h>
#include <kj/function.h>
#include <kj/io.h>
#include <kj/timer.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace acgs::rpc_gateway {

/// Listens at `path`, mode 0660. A socket file that nobody listens at is
/// replaced. Fails with `unavailable` where somebody does, `conflict` where the
/// path is something else; `invalid_argument` where it is too long;
/// `unavailable`.
result<kj::AutoCloseFd> listen_unix(const std::filesystem::path& path);

struct bound_socket {
  kj::AutoCloseFd fd;
  std::uint16_t port = 0;
};

/// Listens at a numeric address or "localhost". Where the port is taken, the
/// next free one of the following hundred is used unless `strict`. Fails with
/// `conflict`, `invalid_argument` or `unavailable`.
result<bound_socket> listen_tcp(const std::string& host, std::uint16_t port,
                                bool strict);

/// Hands each connection of `from` to `take`, for ever. Where one cannot be
/// taken, as when no descriptors are left, it waits a moment.
kj::Promise<void> accept_all(kj::ConnectionReceiver& from, kj::Timer& timer,
                             kj::Function<void(kj::AuthenticatedStream)> take);

} // namespace acgs::rpc_gateway
