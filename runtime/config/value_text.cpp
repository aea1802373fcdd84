// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/config/value_text.hpp"

#include "runtime/base/number_text.hpp"

#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace acgs::config {

namespace {

struct unit {
  std::string_view name;
  std::uint64_t factor;
};

// Longer names first where one begins another.
constexpr std::array<unit, 7> time_units{{
    {"ns", 1},
    {"us", 1'000},
    {"ms", 1'000'000},
    {"s", 1'000'000'000},
    {"m", 60'000'000'000},
    {"h", 3'600'000'000'000},
    {"d", 86'400'000'000'000},
}};

constexpr std::array<unit, 9> size_units{{
    {"KiB", 1ull << 10},
    {"MiB", 1ull << 20},
    {"GiB", 1ull << 30},
    {"TiB", 1ull << 40},
    {"kB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"TB", 1'000'000'000'000},
    {"B", 1},
}};

std::optional<std::uint64_t> take_digits(std::string_view& text) {
  std::uint64_t value = 0;
  auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end == text.data())
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::optional<std::uint64_t> multiply(std::uint64_t a, std::uint64_t b,
                                      std::uint64_t max) {
  if (b != 0 && a > max / b)
    return std::nullopt;
  return a * b;
}

std::optional<std::uint64_t> take_nanos(std::string_view& text) {
  auto value = take_digits(text);
  auto letters = text.substr(0, text.find_first_of("0123456789"));
  for (auto& one : time_units)
    if (value && letters == one.name) {
      text.remove_prefix(letters.size());
      return multiply(*value, one.factor,
                      std::numeric_limits<std::int64_t>::max());
    }
  return std::nullopt;
}

} // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
  auto value = take_digits(text);
  return text.empty() ? value : std::nullopt;
}

std::optional<duration> parse_duration(std::string_view text) {
  if (text == "0")
    return duration{0};
  if (text.empty())
    return std::nullopt;
  std::int64_t sum = 0;
  while (!text.empty()) {
    auto part = take_nanos(text);
    if (!part
        || *part > static_cast<std::uint64_t>(
               std::numeric_limits<std::int64_t>::max() - sum))
      return std::nullopt;
    sum += static_cast<std::int64_t>(*part);
  }
  return duration{sum};
}

std::string print_duration(duration value) {
  auto nanos = static_cast<std::uint64_t>(value.count());
  auto best = time_units.front();
  if (nanos == 0)
    return "0";
  for (auto& one : time_units)
    if (nanos % one.factor == 0)
      best = one;
  return std::to_string(nanos / best.factor) + std::string{best.name};
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  auto value = take_digits(text);
  if (!value || text.empty())
    return value;
  for (auto& one : size_units)
    if (text == one.name)
      return multiply(*value, one.factor,
                      std::numeric_limits<std::uint64_t>::max());
  return std::nullopt;
}

std::string print_size(std::uint64_t value) {
  unit best{"", 1};
  for (std::size_t i = 0; i < 4; ++i)
    if (value != 0 && value % size_units[i].factor == 0)
      best = size_units[i];
  return std::to_string(value / best.factor) + std::string{best.name};
}

std::optional<double> parse_ratio(std::string_view text) {
  bool percent = text.ends_with('%');
  if (percent)
    text.remove_suffix(1);
  auto value = parse_number<double>(text);
  if (!value || !std::isfinite(*value))
    return std::nullopt;
  return percent ? *value / 100 : *value;
}

std::string print_ratio(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g%%", value * 100);
  return text;
}

std::optional<address> parse_address(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto port = parse_count(text.substr(colon + 1));
  if (!port || *port > 65535)
    return std::nullopt;
  std::string host{text.substr(0, colon)};
  in6_addr ignored{};
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    if (::inet_pton(AF_INET6, host.c_str(), &ignored) != 1)
      return std::nullopt;
  } else if (host != "localhost"
             && ::inet_pton(AF_INET, host.c_str(), &ignored) != 1) {
    return std::nullopt;
  }
  return address{std::move(host), static_cast<std::uint16_t>(*port)};
}

std::optional<bool> parse_flag(std::string_view text) {
  if (text == "true")
    return true;
  if (text == "false")
    return false;
  return std::nullopt;
}

bool address::is_loopback() const {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string address::to_string() const {
  auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return name + ":" + std::to_string(port);
}

} // namespace acgs::config
