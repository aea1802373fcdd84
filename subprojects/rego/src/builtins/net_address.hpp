// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Internet addresses and networks as Go's net package reads and prints them.
// An IPv4 address is kept in its IPv6-mapped form, so that all addresses have
// one order. Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/uint128.hpp"

namespace rego {

using address_bits = uint128;

struct net_address {
  address_bits bits = 0;
  bool is_v4() const { return bits >> 32 == 0xFFFF; }
};

/// A network: its first address and the length of its prefix, in the address
/// family's own bits.
struct net_prefix {
  net_address first;
  net_address given; // the address before masking
  int length = 0;
  bool v4 = false;

  /// Bits of the prefix within 128.
  int wide_length() const { return v4 ? length + 96 : length; }
  net_address last() const;
  bool contains(const net_address& a) const;
};

std::optional<net_address> parse_address(std::string_view s);
std::optional<net_prefix> parse_prefix(std::string_view s);
std::string to_string(const net_address& a);
/// "10.0.0.0/8" with the address given.
std::string prefix_text(const net_address& a, int length);

} // namespace rego
