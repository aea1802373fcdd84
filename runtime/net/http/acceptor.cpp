// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/acceptor.hpp"

#include "runtime/net/http/transport_asio.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/write.hpp>

namespace acgs::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using tls_context = std::shared_ptr<asio::ssl::context>;

std::string to_text(const listen_address& address) {
  bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":"
         + std::to_string(address.port);
}

/// Tells a client that there is no room, as far as the socket takes it now.
void turn_away(tcp::socket& socket) {
  static constexpr std::string_view text =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
      "Content-Length: 0\r\nConnection: close\r\n\r\n";
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text.data(), text.size()), ignored);
}

class tcp_acceptor final : public acceptor {
public:
  tcp_acceptor(tcp::acceptor socket, tls_context tls, acceptor_hooks hooks)
      : socket_{std::move(socket)}, tls_{std::move(tls)}, hooks_{std::move(
                                                              hooks)} {
    accept();
  }

  ~tcp_acceptor() override {
    *alive_ = false;
    error_code ignored;
    socket_.close(ignored);
  }

  listen_address bound() const override {
    auto at = socket_.local_endpoint();
    return {at.address().to_string(), at.port()};
  }

  void retry() override {
    if (std::exchange(stuck_, false))
      accept();
  }

private:
  void accept() {
    socket_.async_accept(
        [this, alive = alive_](const error_code& error, tcp::socket from) {
          if (!*alive)
            return;
          if (error && error != asio::error::connection_aborted) {
            stuck_ = true; // out of descriptors; the sweep tries again
            return;
          }
          if (!error)
            take(std::move(from));
          if (*alive)
            accept();
        });
  }

  void take(tcp::socket from) {
    error_code ignored;
    from.set_option(tcp::no_delay{true}, ignored);
    if (!hooks_.has_room()) {
      if (!tls_)
        turn_away(from);
      return;
    }
    hooks_.take(tls_ ? make_tls_transport(std::move(from), tls_)
                     : make_plain_transport(std::move(from)));
  }

  tcp::acceptor socket_;
  tls_context tls_;
  acceptor_hooks hooks_;
  bool stuck_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

error_code listen_on(tcp::acceptor& socket, const tcp::endpoint& at) {
  error_code error;
  socket.open(at.protocol(), error);
  if (error)
    return error;
  socket.set_option(tcp::acceptor::reuse_address{true}, error);
  if (at.protocol() == tcp::v6())
    socket.set_option(asio::ip::v6_only{true}, error);
  socket.bind(at, error);
  if (!error)
    socket.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    error_code ignored;
    socket.close(ignored);
  }
  return error;
}

caf::error cannot_listen(const listen_address& address, unsigned tries,
                         const error_code& error) {
  auto what = "cannot listen on " + to_text(address);
  if (tries > 1)
    what += " nor on the " + std::to_string(tries - 1) + " ports after it";
  return make_error(ec::unavailable, what + ": " + error.message());
}

/// Takes the first port that is free.
result<tcp::acceptor> take_port(asio::io_context& context,
                                const listen_address& address,
                                const asio::ip::address& ip, unsigned tries) {
  tcp::acceptor socket{context};
  error_code error;
  for (unsigned i = 0; i < tries && address.port + i <= 65535; ++i) {
    auto port = static_cast<std::uint16_t>(address.port + i);
    error = listen_on(socket, tcp::endpoint{ip, port});
    if (!error)
      return socket;
    if (error != asio::error::address_in_use || address.port == 0)
      break;
  }
  return cannot_listen(address, tries, error);
}

} // namespace

result<std::unique_ptr<acceptor>> make_acceptor(net::asio_loop& loop,
                                                const listen_address& address,
                                                const server_options& options,
                                                acceptor_hooks hooks) {
  error_code error;
  auto ip = asio::ip::make_address(
      address.host == "localhost" ? "127.0.0.1" : address.host, error);
  if (error)
    return make_error(ec::invalid_argument,
                      "cannot listen on '" + address.host
                          + "': expected an IP address or localhost");
  tls_context tls;
  if (!options.tls.certificate.empty()) {
    auto made = make_tls_context(options.tls);
    if (!made)
      return std::move(made.error());
    tls = std::move(*made);
  } else if (!ip.is_loopback()) {
    return make_error(ec::invalid_argument,
                      "cannot listen on " + to_text(address)
                          + " without TLS: only loopback addresses are served "
                            "in clear; configure a certificate and its key");
  }
  auto socket = take_port(loop.context(), address, ip,
                          std::max(1u, options.ports_to_try));
  if (!socket)
    return std::move(socket.error());
  return std::make_unique<tcp_acceptor>(std::move(*socket), std::move(tls),
                                        std::move(hooks));
}

} // namespace acgs::http
