// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The form of a log line, and what may not stand in one.

#include "runtime/base/json_text.hpp"
#include "runtime/base/log.hpp"
#include "runtime/base/time_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace acgs::log {

namespace {

constexpr std::size_t message_bytes_max = 4096;
constexpr std::size_t value_bytes_max = 1024;
constexpr std::size_t key_bytes_max = 64;
constexpr std::size_t fields_max = 32;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

bool contains_folded(std::string_view text, std::string_view part) {
  auto equal = [](char a, char b) { return lower(a) == b; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), equal)
         != text.end();
}

bool names_a_secret(std::string_view key) {
  // "key_id" and "token_id" name public things and stay readable.
  if (key.ends_with("_id") || key.ends_with("_count"))
    return false;
  constexpr std::array<std::string_view, 9> parts{
      "password", "passwd",     "secret", "token",  "authorization",
      "cookie",   "credential", "apikey", "api_key"};
  return std::any_of(
             parts.begin(), parts.end(),
             [&](std::string_view part) { return contains_folded(key, part); })
         || contains_folded(key, "private_key");
}

void append_text(std::string& out, std::string_view text, std::size_t max) {
  if (text.size() <= max)
    return append_json_string(out, text);
  std::string cut{text.substr(0, max)};
  // Not in the middle of a character.
  while (!cut.empty()
         && (static_cast<unsigned char>(cut.back()) & 0xc0) == 0x80)
    cut.pop_back();
  if (!cut.empty() && static_cast<unsigned char>(cut.back()) >= 0xc0)
    cut.pop_back();
  append_json_string(out, cut + "...");
}

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  out += text;
}

void append_value(std::string& out, const field& one) {
  if (names_a_secret(one.key)) {
    out += "\"***\"";
    return;
  }
  struct visitor {
    std::string& out;
    void operator()(std::string_view v) {
      append_text(out, v, value_bytes_max);
    }
    void operator()(std::int64_t v) { out += std::to_string(v); }
    void operator()(std::uint64_t v) { out += std::to_string(v); }
    void operator()(double v) { append_number(out, v); }
    void operator()(bool v) { out += v ? "true" : "false"; }
  };
  std::visit(visitor{out}, one.value);
}

} // namespace

std::string format_line(wall_time time, level level_, std::string_view logger,
                        std::string_view message, fields extra) {
  std::string out;
  out.reserve(160 + message.size());
  out += R"({"timestamp":")";
  out += to_rfc3339(time);
  out += R"(","level":")";
  out += to_string_view(level_);
  out += R"(","logger":)";
  append_text(out, logger, key_bytes_max);
  out += R"(,"message":)";
  append_text(out, message, message_bytes_max);
  std::size_t count = 0;
  for (auto& one : extra) {
    if (++count > fields_max)
      break;
    out += ',';
    append_text(out, one.key, key_bytes_max);
    out += ':';
    append_value(out, one);
  }
  out += "}\n";
  return out;
}

std::optional<level> parse_level(std::string_view name) {
  std::string folded;
  for (char c : name.substr(0, 16))
    folded += lower(c);
  if (folded == "debug")
    return level::debug;
  if (folded == "info")
    return level::info;
  if (folded == "warning" || folded == "warn")
    return level::warning;
  if (folded == "error")
    return level::error;
  return std::nullopt;
}

} // namespace acgs::log
