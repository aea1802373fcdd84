// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Values of the configuration as text: "10s", "8MiB", "50%",
// "127.0.0.1:8181". Each parser takes the whole text or nothing; each printer
// writes what its parser reads.

#include "runtime/config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace acgs::config {

/// Decimal digits only, no sign, at most 2^64 - 1.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// A sum such as "1h30m" of ns, us, ms, s, m, h, d; or "0".
std::optional<duration> parse_duration(std::string_view text);
std::string print_duration(duration value);

/// Bytes, bare or with KiB, MiB, GiB, TiB (powers of 1024) or kB, MB, GB, TB.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string print_size(std::uint64_t value);

/// "50%" or "0.5".
std::optional<double> parse_ratio(std::string_view text);
std::string print_ratio(double value);

/// HOST:PORT; an IPv6 host stands in brackets.
std::optional<address> parse_address(std::string_view text);

/// "true" or "false", as YAML 1.2 has them.
std::optional<bool> parse_flag(std::string_view text);

} // namespace acgs::config
