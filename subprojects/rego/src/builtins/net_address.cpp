// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/net_address.hpp"

#include <arpa/inet.h>

#include <cstdio>

namespace rego {

namespace {

constexpr address_bits ipv4_mapped = address_bits{0xFFFF} << 32;

address_bits host_mask(int wide_length) {
  return wide_length == 0 ? ~address_bits{0}
                          : (address_bits{1} << (128 - wide_length)) - 1;
}

std::string v6_text(address_bits bits) {
  uint16_t group[8];
  for (int i = 0; i < 8; ++i)
    group[i] = static_cast<uint16_t>(bits >> (112 - 16 * i));
  // The longest run of at least two zeros, the first of equals.
  int best = -1, best_size = 1;
  for (int i = 0; i < 8; ++i) {
    int n = 0;
    while (i + n < 8 && group[i + n] == 0)
      ++n;
    if (n > best_size) {
      best = i;
      best_size = n;
    }
    i += n;
  }
  std::string out;
  for (int i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += best_size - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':')
      out += ':';
    char text[8];
    std::snprintf(text, sizeof text, "%x", group[i]);
    out += text;
  }
  return out;
}

} // namespace

net_address net_prefix::last() const {
  return {first.bits | host_mask(wide_length())};
}

bool net_prefix::contains(const net_address& a) const {
  return a.is_v4() == v4 && a.bits >= first.bits && a.bits <= last().bits;
}

std::optional<net_address> parse_address(std::string_view s) {
  std::string z(s);
  unsigned char bytes[16];
  if (z.size() > 64 || z.find('\0') != std::string::npos)
    return std::nullopt;
  net_address a;
  if (inet_pton(AF_INET, z.c_str(), bytes) == 1) {
    for (int i = 0; i < 4; ++i)
      a.bits = a.bits << 8 | bytes[i];
    a.bits |= ipv4_mapped;
    return a;
  }
  if (inet_pton(AF_INET6, z.c_str(), bytes) != 1)
    return std::nullopt;
  for (auto b : bytes)
    a.bits = a.bits << 8 | b;
  return a;
}

std::optional<net_prefix> parse_prefix(std::string_view s) {
  auto slash = s.find('/');
  if (slash == std::string_view::npos)
    return std::nullopt;
  auto a = parse_address(s.substr(0, slash));
  auto digits = s.substr(slash + 1);
  if (!a || digits.empty() || digits.size() > 6
      || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  bool dotted = s.substr(0, slash).find(':') == std::string_view::npos;
  int length = std::stoi(std::string(digits));
  if (length > (dotted ? 32 : 128))
    return std::nullopt;
  net_prefix p;
  p.v4 = dotted || (a->is_v4() && length >= 96);
  p.length = p.v4 && !dotted ? length - 96 : length;
  p.given = *a;
  p.first = {a->bits & ~host_mask(p.wide_length())};
  return p;
}

std::string to_string(const net_address& a) {
  if (!a.is_v4())
    return v6_text(a.bits);
  char text[20];
  auto byte = [&](int shift) {
    return static_cast<int>(a.bits >> shift & 255);
  };
  std::snprintf(text, sizeof text, "%d.%d.%d.%d", byte(24), byte(16), byte(8),
                byte(0));
  return text;
}

std::string prefix_text(const net_address& a, int length) {
  return to_string(a) + "/" + std::to_string(length);
}

} // namespace rego
