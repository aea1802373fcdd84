// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/network.hpp"

#include "runtime/base/number_text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <vector>

namespace acgs {

namespace {

constexpr unsigned v4_bits = 96; // of the prefix that an IPv4 address gets

/// What no service of the Internet has, in IPv4 and within 2000::/3.
const std::vector<network>& special_networks() {
  static const auto all = [] {
    std::vector<network> out;
    for (auto* text :
         {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
          "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
          "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
          "203.0.113.0/24", "224.0.0.0/3",
          "168.63.129.16", // what Azure tells its machines
          "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"})
      out.push_back(*parse_network(text));
    return out;
  }();
  return all;
}

} // namespace

std::optional<ip_address> parse_ip_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']'))
    text = text.substr(1, text.size() - 2);
  std::string terminated{text};
  ip_address out{};
  if (inet_pton(AF_INET6, terminated.c_str(), out.data()) == 1)
    return out;
  if (inet_pton(AF_INET, terminated.c_str(), out.data() + v4_bits / 8) != 1)
    return std::nullopt;
  out[10] = out[11] = 0xFF;
  return out;
}

std::optional<network> parse_network(std::string_view text) {
  auto slash = text.find('/');
  auto first = parse_ip_address(text.substr(0, slash));
  if (!first)
    return std::nullopt;
  network out{*first};
  if (slash == text.npos)
    return out;
  auto shift = text.substr(0, slash).find(':') == text.npos ? v4_bits : 0;
  auto length = parse_number<decltype(out.bits)>(text.substr(slash + 1));
  if (!length || *length > 128 - shift)
    return std::nullopt;
  out.bits = *length + shift;
  return out;
}

bool network::contains(const ip_address& address) const {
  auto whole = bits / 8;
  if (!std::equal(first.begin(), first.begin() + whole, address.begin()))
    return false;
  auto rest = bits % 8;
  return rest == 0 || (first[whole] ^ address[whole]) >> (8 - rest) == 0;
}

std::string_view counted_address(std::string_view address) {
  static const auto v4 = *parse_network("127.0.0.0/8");
  static const auto v6 = *parse_network("::1");
  auto read = parse_ip_address(address);
  bool here = read && (v4.contains(*read) || v6.contains(*read));
  return here ? "loopback" : address;
}

bool is_public(const ip_address& address) {
  static const auto v4 = *parse_network("::ffff:0:0/96");
  static const auto v6 = *parse_network("2000::/3");
  if (!v4.contains(address) && !v6.contains(address))
    return false;
  return std::ranges::none_of(special_networks(), [&](const auto& one) {
    return one.contains(address);
  });
}

} // namespace acgs
