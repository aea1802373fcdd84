// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/host_name.hpp"

#include "runtime/base/number_text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdint>

namespace acgs {

namespace {

bool is_port(std::string_view text) {
  return parse_number<std::uint16_t>(text).has_value();
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

} // namespace

std::string host_name(std::string_view host) {
  if (host.starts_with('[')) {
    auto end = host.find(']');
    if (end == std::string_view::npos)
      return {};
    auto rest = host.substr(end + 1);
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1))))
      return {};
    return lower(host.substr(1, end - 1));
  }
  auto colon = host.find(':');
  if (colon != std::string_view::npos && !is_port(host.substr(colon + 1)))
    return {};
  return lower(host.substr(0, colon));
}

bool is_ip_address(const std::string& text) {
  unsigned char room[16];
  return inet_pton(AF_INET, text.c_str(), room) == 1
         || inet_pton(AF_INET6, text.c_str(), room) == 1;
}

bool is_own_host(std::string_view host, std::span<const std::string> names) {
  auto name = host_name(host);
  return name == "localhost" || is_ip_address(name)
         || (!name.empty()
             && std::any_of(names.begin(), names.end(),
                            [&](const auto& at) { return lower(at) == name; }));
}

} // namespace acgs
