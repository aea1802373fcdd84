// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/metrics/exposer.hpp"

#include "runtime/metrics/registry.hpp"

#include <prometheus/exposer.h>

#include <chrono>
#include <exception>
#include <future>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace acgs::metrics {

namespace {

std::string endpoint(const std::string& address, unsigned port) {
  auto host =
      address.find(':') == std::string::npos ? address : "[" + address + "]";
  return host + ":" + std::to_string(port);
}

std::unique_ptr<prometheus::Exposer> try_listen(const std::string& where) {
  // Bounded: two workers, and a peer that sends nothing is cut off.
  std::vector<std::string> options{"listening_ports",    where,
                                   "num_threads",        "2",
                                   "request_timeout_ms", "5000"};
  try {
    return std::make_unique<prometheus::Exposer>(std::move(options));
  } catch (const std::exception&) {
    // CivetWeb does not say why; the caller names the address.
    return nullptr;
  }
}

/// Connects and goes away.
void knock(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints,
                    &found)
      != 0)
    return;
  int fd =
      ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0) {
    // Whether it worked shows in the server's end.
    static_cast<void>(::connect(fd, found->ai_addr, found->ai_addrlen));
    ::close(fd);
  }
  ::freeaddrinfo(found);
}

} // namespace

exposer::exposer(std::unique_ptr<prometheus::Exposer> server,
                 std::string address, std::uint16_t port)
    : server_{std::move(server)}, address_{std::move(address)}, port_{port} {
}

exposer::~exposer() {
  // CivetWeb sees that it is to stop after the next connection, or after the
  // two seconds for which it waits for one: so it gets connections.
  auto ended =
      std::async(std::launch::async,
                 [server = std::move(server_)]() mutable { server.reset(); });
  do
    knock(address_, port_);
  while (ended.wait_for(std::chrono::milliseconds{5})
         != std::future_status::ready);
}

result<std::unique_ptr<exposer>> exposer::start(const registry& what,
                                                const std::string& address,
                                                std::uint16_t port,
                                                unsigned tries) {
  for (unsigned i = 0; i == 0 || (i < tries && port + i <= 65535); ++i) {
    auto server = try_listen(endpoint(address, port + i));
    if (!server)
      continue;
    auto ports = server->GetListeningPorts();
    server->RegisterCollectable(what.collectable(), "/metrics");
    auto taken = ports.empty() ? port + i : static_cast<unsigned>(ports[0]);
    return std::unique_ptr<exposer>{new exposer{
        std::move(server), address, static_cast<std::uint16_t>(taken)}};
  }
  return make_error(ec::unavailable,
                    "metrics.listen: cannot listen on "
                        + endpoint(address, port)
                        + (tries > 1 ? " or the ports after it" : "")
                        + "; the address is not this machine's, or the port "
                          "is taken");
}

} // namespace acgs::metrics
