// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/address.hpp"

#include "runtime/base/host_name.hpp"
#include "runtime/base/number_text.hpp"

#include <sys/un.h>

namespace acgs::client {

namespace {

constexpr std::size_t path_bytes_max = sizeof(sockaddr_un::sun_path) - 1;

std::string quoted(std::string_view text) {
  return "'" + std::string{text} + "'";
}

/// What is wrong with it; empty where nothing is.
std::string wrong_path(std::string_view path) {
  if (path.empty())
    return "the path is empty";
  if (path.size() > path_bytes_max)
    return "the path of a socket has at most " + std::to_string(path_bytes_max)
           + " bytes, this one " + std::to_string(path.size());
  return {};
}

bool is_port(std::string_view text) {
  return parse_number<std::uint16_t>(text).value_or(0) > 0;
}

std::string wrong_host(std::string_view host) {
  if (host.empty())
    return "the host is empty";
  if (host.starts_with('[') && host.ends_with(']')) {
    std::string inner{host.substr(1, host.size() - 2)};
    auto is_v6 = inner.find(':') != inner.npos && is_ip_address(inner);
    return is_v6 ? "" : quoted(inner) + " is no IPv6 address";
  }
  if (host.find_first_of("[]") != host.npos)
    return "the host " + quoted(host) + " has a bracket of a pair";
  if (host.find(':') != host.npos)
    return "an IPv6 address stands in brackets";
  return {};
}

std::string what_is_wrong(std::string_view address) {
  constexpr std::string_view local = "unix:";
  if (address.find('\0') != address.npos)
    return "it holds a zero byte";
  if (address.starts_with(local))
    return wrong_path(address.substr(local.size()));
  auto colon = address.rfind(':');
  if (colon == address.npos)
    return "there is no port";
  if (auto wrong = wrong_host(address.substr(0, colon)); !wrong.empty())
    return wrong;
  auto port = address.substr(colon + 1);
  return is_port(port) ? ""
                       : "the port " + quoted(port)
                             + " is not a whole number from 1 to 65535";
}

} // namespace

caf::error check_address(std::string_view address) {
  auto wrong = what_is_wrong(address);
  if (wrong.empty())
    return {};
  return make_error(ec::invalid_argument,
                    "address " + quoted(address) + ": " + wrong
                        + "; expected unix:PATH, HOST:PORT or [IPV6]:PORT",
                    "addr");
}

} // namespace acgs::client
