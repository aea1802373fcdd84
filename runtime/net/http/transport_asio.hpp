// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two transports over Asio. Included by the acceptor only: it pulls in
// Asio's socket headers.

#include "runtime/base/error.hpp"
#include "runtime/net/http/server.hpp"
#include "runtime/net/http/transport.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>

namespace boost::asio::ssl {
class context;
} // namespace boost::asio::ssl

namespace acgs::http {

std::unique_ptr<transport> make_plain_transport(boost::asio::ip::tcp::socket);

std::unique_ptr<transport>
    make_tls_transport(boost::asio::ip::tcp::socket,
                       std::shared_ptr<boost::asio::ssl::context>);

/// TLS 1.2 and 1.3. Fails with `invalid_argument`, naming the file.
result<std::shared_ptr<boost::asio::ssl::context>>
make_tls_context(const tls_files& files);

/// Ends our side of the connection and reads into `rubbish`, again and again,
/// until the peer has ended its own. Both must live until `done`.
void part_with(boost::asio::ip::tcp::socket& socket, std::span<char> rubbish,
               std::function<void()> done);

/// Fills in what the socket knows; false where it is closed already.
bool describe_peer(const boost::asio::ip::tcp::socket& socket, peer& into);

} // namespace acgs::http
