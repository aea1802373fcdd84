// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/transport_asio.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace acgs::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

void discard(tcp::socket& from, std::span<char> rubbish,
             std::function<void()> done) {
  from.async_read_some(
      asio::buffer(rubbish.data(), rubbish.size()),
      [&from, rubbish, done = std::move(done)](
          const boost::system::error_code& error, std::size_t) mutable {
        if (error)
          done();
        else
          discard(from, rubbish, std::move(done));
      });
}

class plain_transport final : public transport {
public:
  explicit plain_transport(tcp::socket socket) : socket_{std::move(socket)} {
    describe_peer(socket_, peer_);
  }

  void open(std::function<void(const opening&)> done) override {
    asio::post(socket_.get_executor(),
               [done = std::move(done)] { done({.well = true}); });
  }

  void read(std::span<char> into, moved done) override {
    socket_.async_read_some(
        asio::buffer(into.data(), into.size()),
        [done = std::move(done)](const boost::system::error_code& error,
                                 std::size_t size) { done(error ? 0 : size); });
  }

  void write(std::string_view bytes, moved done) override {
    asio::async_write(
        socket_, asio::buffer(bytes.data(), bytes.size()),
        [done = std::move(done)](const boost::system::error_code& error,
                                 std::size_t size) { done(error ? 0 : size); });
  }

  void finish(std::function<void()> done) override {
    part_with(socket_, rubbish_, std::move(done));
  }

  void close() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  const peer& who() const override { return peer_; }

private:
  tcp::socket socket_;
  peer peer_;
  std::array<char, 512> rubbish_;
};

} // namespace

std::unique_ptr<transport> make_plain_transport(tcp::socket socket) {
  return std::make_unique<plain_transport>(std::move(socket));
}

void part_with(tcp::socket& socket, std::span<char> rubbish,
               std::function<void()> done) {
  boost::system::error_code ignored; // the peer may be gone already
  socket.shutdown(tcp::socket::shutdown_send, ignored);
  discard(socket, rubbish, std::move(done));
}

bool describe_peer(const tcp::socket& socket, peer& into) {
  boost::system::error_code error;
  auto endpoint = socket.remote_endpoint(error);
  if (error)
    return false;
  auto address = endpoint.address();
  // "::ffff:127.0.0.1", an IPv4 peer of a socket that takes both.
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  into.address = address.to_string();
  into.loopback = address.is_loopback();
  return true;
}

} // namespace acgs::http
