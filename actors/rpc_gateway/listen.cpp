// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/listen.hpp"

#include "actors/rpc_gateway/log.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace acgs::rpc_gateway {

namespace {

constexpr auto pause = 100 * kj::MILLISECONDS;

constexpr int backlog = 512;
constexpr std::uint16_t ports_tried = 100;

std::string why(int error) {
  return std::generic_category().message(error);
}

kj::AutoCloseFd make_socket(int family) {
  return kj::AutoCloseFd(
      ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

/// Whether somebody accepts connections there.
bool is_alive(const sockaddr_un& address) {
  auto probe = make_socket(AF_UNIX);
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof address)
             == 0
         || errno == EAGAIN;
}

/// Makes way for a new socket file.
caf::error clear_stale(const std::filesystem::path& path,
                       const sockaddr_un& address) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0)
    return {};
  if (!S_ISSOCK(found.st_mode))
    return make_error(ec::conflict,
                      "'" + path.string() + "' exists and is no socket",
                      "rpc.socket");
  if (is_alive(address))
    return make_error(ec::unavailable,
                      "somebody listens at '" + path.string() + "' already",
                      "rpc.socket");
  ::unlink(path.c_str());
  return {};
}

caf::error cannot_listen(const std::string& where, int error) {
  return make_error(ec::unavailable,
                    "cannot listen at " + where + ": " + why(error));
}

/// An IPv4 or IPv6 address with a port.
struct address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  int family() const { return storage.ss_family; }
  const sockaddr* raw() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

result<address> parse(const std::string& host, std::uint16_t port) {
  address out;
  auto numeric = host == "localhost" ? std::string{"127.0.0.1"} : host;
  sockaddr_in four{};
  sockaddr_in6 six{};
  if (::inet_pton(AF_INET, numeric.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    std::memcpy(&out.storage, &four, out.length = sizeof four);
  } else if (::inet_pton(AF_INET6, numeric.c_str(), &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    std::memcpy(&out.storage, &six, out.length = sizeof six);
  } else {
    return make_error(ec::invalid_argument,
                      "'" + host
                          + "' is no address to listen at; expected a numeric "
                            "address or localhost",
                      "rpc.listen");
  }
  return out;
}

std::uint16_t port_of(int fd) {
  sockaddr_storage bound{};
  socklen_t length = sizeof bound;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &length);
  if (bound.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<sockaddr_in6&>(bound).sin6_port);
  return ntohs(reinterpret_cast<sockaddr_in&>(bound).sin_port);
}

/// The socket, or the error number.
std::pair<kj::AutoCloseFd, int> try_listen(const address& at) {
  auto fd = make_socket(at.family());
  int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (fd.get() < 0 || ::bind(fd.get(), at.raw(), at.length) != 0
      || ::listen(fd.get(), backlog) != 0)
    return {kj::AutoCloseFd(nullptr), errno};
  return {kj::mv(fd), 0};
}

struct accepting {
  kj::ConnectionReceiver& from;
  kj::Timer& timer;
  kj::Function<void(kj::AuthenticatedStream)> take;

  kj::Promise<void> next() {
    return from.acceptAuthenticated()
        .then([this](kj::AuthenticatedStream got) { take(kj::mv(got)); })
        .catch_([this](kj::Exception&& exception) {
          logger.info("a connection was not accepted",
                      {{"event", "rpc_refused"},
                       {"reason", exception.getDescription().cStr()}});
          return timer.afterDelay(pause);
        })
        .then([this] { return next(); });
  }
};

} // namespace

result<kj::AutoCloseFd> listen_unix(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto text = path.string();
  if (text.empty() || text.size() >= sizeof address.sun_path)
    return make_error(ec::invalid_argument,
                      "the path of a Unix socket has 1 to "
                          + std::to_string(sizeof address.sun_path - 1)
                          + " bytes; '" + text + "' has "
                          + std::to_string(text.size()),
                      "rpc.socket");
  std::memcpy(address.sun_path, text.c_str(), text.size());
  if (auto error = clear_stale(path, address))
    return error;
  auto fd = make_socket(AF_UNIX);
  // The mode of the file is that of the socket when it is bound, less what the
  // process takes from all files.
  if (fd.get() < 0 || ::fchmod(fd.get(), 0660) != 0
      || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address),
                sizeof address)
             != 0
      || ::chmod(text.c_str(), 0660) != 0 || ::listen(fd.get(), backlog) != 0)
    return cannot_listen("'" + text + "'", errno);
  return fd;
}

result<bound_socket> listen_tcp(const std::string& host, std::uint16_t port,
                                bool strict) {
  auto last = strict || port == 0
                  ? port
                  : std::min<unsigned>(port + ports_tried, 65535);
  int error = 0;
  for (unsigned each = port; each <= last; ++each) {
    auto at = parse(host, static_cast<std::uint16_t>(each));
    if (!at)
      return std::move(at.error());
    auto tried = try_listen(*at);
    if (tried.second == 0) {
      auto bound = port_of(tried.first.get());
      return bound_socket{kj::mv(tried.first), bound};
    }
    error = tried.second;
    if (error != EADDRINUSE)
      break;
  }
  return cannot_listen(host + ":" + std::to_string(port), error);
}

kj::Promise<void> accept_all(kj::ConnectionReceiver& from, kj::Timer& timer,
                             kj::Function<void(kj::AuthenticatedStream)> take) {
  auto made = kj::heap<accepting>(accepting{from, timer, kj::mv(take)});
  auto& all = *made;
  return all.next().attach(kj::mv(made));
}

} // namespace acgs::rpc_gateway
