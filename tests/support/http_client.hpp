// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A blocking HTTP client for tests. It sends what it is told, right or wrong,
// and reads responses by their Content-Length. It waits as long as it takes:
// how long a test may, its runner knows, and a bound here would fail a test on
// a machine that stood still meanwhile.

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace acgs::test {

struct http_reply {
  int status = 0;
  std::map<std::string, std::string> fields; ///< names in lower case
  std::string body;
  std::string head; ///< as received
};

class http_client {
public:
  explicit http_client(std::uint16_t port,
                       const std::string& address = "127.0.0.1")
      : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error{"cannot connect"};
  }

  ~http_client() { ::close(socket_); }
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Sends bytes as they are.
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR)
        continue;
      if (sent <= 0)
        throw std::runtime_error{"cannot send"};
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// Says that nothing more will be sent.
  void end_sending() { ::shutdown(socket_, SHUT_WR); }

  /// The next response; throws where the server ends the connection instead.
  http_reply read(bool without_body = false) {
    auto reply = try_read(without_body);
    if (!reply)
      throw std::runtime_error{"the server closed the connection"};
    return std::move(*reply);
  }

  /// The next response, or nothing where the connection ends before one.
  std::optional<http_reply> try_read(bool without_body = false) {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos)
      if (!receive())
        return std::nullopt;
    http_reply out;
    out.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    parse_head(out);
    auto length = out.fields.find("content-length");
    auto size = length == out.fields.end() || without_body
                    ? 0
                    : std::stoul(length->second);
    while (received_.size() < size)
      if (!receive())
        throw std::runtime_error{"the response is cut off"};
    out.body = received_.substr(0, size);
    received_.erase(0, size);
    return out;
  }

  /// Whether the server has ended the connection, with nothing left unread.
  bool at_end() { return received_.empty() && !receive(); }

  /// Sends a request with a Host field and, where `body` is given, its
  /// length, and reads the response. `fields` end with CR LF each.
  http_reply ask(std::string_view method, std::string_view target,
                 std::string_view body = {}, std::string_view fields = {}) {
    std::string text{method};
    text.append(" ").append(target).append(" HTTP/1.1\r\n");
    if (fields.find("Host:") == std::string_view::npos)
      text.append("Host: localhost\r\n");
    text.append(fields);
    if (!body.empty() || method == "POST" || method == "PUT")
      text.append("Content-Length: " + std::to_string(body.size()) + "\r\n");
    text.append("\r\n").append(body);
    send(text);
    return read(method == "HEAD");
  }

private:
  bool receive() {
    char part[16384];
    auto size = ::recv(socket_, part, sizeof part, 0);
    while (size < 0 && errno == EINTR)
      size = ::recv(socket_, part, sizeof part, 0);
    if (size <= 0)
      return false;
    received_.append(part, static_cast<std::size_t>(size));
    return true;
  }

  static void parse_head(http_reply& into) {
    std::string_view text = into.head;
    into.status = std::stoi(std::string{text.substr(9, 3)});
    text.remove_prefix(text.find("\r\n") + 2);
    while (!text.empty()) {
      auto line = text.substr(0, text.find("\r\n"));
      text.remove_prefix(line.size() + 2);
      auto colon = line.find(':');
      std::string name{line.substr(0, colon)};
      for (auto& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      into.fields[name] = std::string{line.substr(colon + 2)};
    }
  }

  int socket_;
  std::string received_;
};

/// Whether any socket of this process takes connections. Trying to connect
/// would not tell: the port may be somebody else's by then.
inline bool listens_anywhere() {
  for (const auto& each :
       std::filesystem::directory_iterator{"/proc/self/fd"}) {
    int listens = 0;
    socklen_t size = sizeof listens;
    auto fd = std::stoi(each.path().filename().string());
    if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0
        && listens)
      return true;
  }
  return false;
}

} // namespace acgs::test
