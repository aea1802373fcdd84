// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/metrics/exposer.hpp"

#include "runtime/base/host_name.hpp"
#include "runtime/metrics/registry.hpp"

#include <CivetServer.h>
#include <prometheus/exposer.h>

#include <chrono>
#include <exception>
#include <future>
#include <mutex>
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

/// The names that count as ours. CivetWeb's context belongs to the library, so
/// that its callback finds them here; all exposers of a process share them.
struct own_names {
  std::mutex mutex;
  std::vector<std::string> hosts;
};

own_names& names() {
  static own_names all;
  return all;
}

/// Called on CivetWeb's threads before a request is looked at: 0 lets it on,
/// anything else says that it was answered.
int check_host(mg_connection* from) {
  const char* host = mg_get_header(from, "Host");
  if (!host) // of HTTP/1.0, which no browser speaks
    return 0;
  {
    std::lock_guard guard{names().mutex};
    if (is_own_host(host, names().hosts))
      return 0;
  }
  constexpr std::string_view answer =
      "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n"
      "Content-Length: 83\r\nConnection: close\r\n\r\n"
      "Host names another machine: expected localhost, an address or a name "
      "of http.hosts\n";
  mg_write(from, answer.data(), answer.size());
  return 403;
}

std::unique_ptr<prometheus::Exposer> try_listen(const std::string& where) {
  // Bounded: two workers, and a peer that sends nothing is cut off.
  std::vector<std::string> options{"listening_ports",    where,
                                   "num_threads",        "2",
                                   "request_timeout_ms", "5000"};
  CivetCallbacks calls;
  calls.begin_request = check_host;
  try {
    return std::make_unique<prometheus::Exposer>(std::move(options), &calls);
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

result<std::unique_ptr<exposer>>
exposer::start(const registry& what, const std::string& address,
               std::uint16_t port, unsigned tries,
               const std::vector<std::string>& hosts) {
  {
    std::lock_guard guard{names().mutex};
    names().hosts = hosts;
  }
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
