// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Addresses and ranges of them, for rules about where connections may go. An
// IPv4 address counts as the IPv6 address that stands for it (::ffff:a.b.c.d),
// so that neither form gets past a rule about the other.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acgs {

using ip_address = std::array<std::uint8_t, 16>;

/// "192.0.2.1", "2001:db8::1" or "[2001:db8::1]".
std::optional<ip_address> parse_ip_address(std::string_view text);

/// What callers without a proof are counted by: the address, or "loopback" for
/// all addresses of loopback, any of which each process of this machine may
/// take. What is no address stays as it is.
std::string_view counted_address(std::string_view address);

/// All addresses that begin like one of them.
struct network {
  ip_address first{};
  unsigned bits = 128; ///< that they have in common

  bool contains(const ip_address& address) const;
};

/// An address alone, or "10.0.0.0/8", "fd00::/8".
std::optional<network> parse_network(std::string_view text);

/// Whether an address is one of the Internet's, and not of this machine, its
/// link (where clouds answer questions about the machine), a private network,
/// a group or a way of writing such an address: RFC 6890 and what IANA's
/// registries of special-purpose addresses added to it.
bool is_public(const ip_address& address);

} // namespace acgs
