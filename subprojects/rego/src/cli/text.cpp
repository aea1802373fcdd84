// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "rego/build.hpp"

namespace rego::cli {

namespace {

struct unit {
  std::string_view name;
  double nanoseconds;
};

constexpr unit units[] = {{"ns", 1},  {"us", 1e3}, {"µs", 1e3},  {"ms", 1e6},
                          {"s", 1e9}, {"m", 6e10}, {"h", 3.6e12}};

std::string trimmed(double x, int digits) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", digits, x);
  std::string out = buffer;
  if (out.find('.') != out.npos)
    out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.'))
    out.pop_back();
  return out;
}

// Characters as a terminal shows them: bytes that begin one.
size_t width(const std::string& s) {
  return static_cast<size_t>(std::count_if(s.begin(), s.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string repeated(std::string_view what, size_t n) {
  std::string out;
  for (size_t i = 0; i < n; ++i)
    out += what;
  return out;
}

} // namespace

std::chrono::nanoseconds parse_duration(const std::string& option,
                                        const std::string& text) {
  auto bad = [&] {
    return usage_error{option + ": '" + text
                       + "' is no duration such as 500ms, 5s or 1m30s"};
  };
  double total = 0;
  std::string_view rest = text;
  if (rest == "0")
    return {};
  if (rest.empty())
    throw bad();
  while (!rest.empty()) {
    double n = 0;
    auto end = rest.data() + rest.size();
    auto [at, problem] = std::from_chars(rest.data(), end, n);
    if (problem != std::errc{} || n < 0)
      throw bad();
    rest.remove_prefix(static_cast<size_t>(at - rest.data()));
    auto size = std::min(rest.find_first_of("0123456789."), rest.size());
    auto* u = std::find_if(std::begin(units), std::end(units), [&](auto& x) {
      return x.name == rest.substr(0, size);
    });
    if (u == std::end(units))
      throw bad();
    total += n * u->nanoseconds;
    rest.remove_prefix(size);
  }
  if (total > 9e18)
    throw bad();
  return std::chrono::nanoseconds(static_cast<int64_t>(total));
}

uint64_t parse_count(const std::string& option, const std::string& text,
                     uint64_t least) {
  uint64_t n = 0;
  auto end = text.data() + text.size();
  auto [at, problem] = std::from_chars(text.data(), end, n);
  if (problem != std::errc{} || at != end || n < least)
    throw usage_error{option + ": '" + text + "' is no whole number from "
                      + std::to_string(least) + " on"};
  return n;
}

std::string duration_text(int64_t ns) {
  auto x = static_cast<double>(ns);
  if (ns < 1000)
    return std::to_string(ns) + "ns";
  if (ns < 1000000)
    return trimmed(x / 1e3, 3) + "µs";
  if (ns < 1000000000)
    return trimmed(x / 1e6, 6) + "ms";
  auto minutes = ns / 60000000000;
  auto seconds = trimmed(static_cast<double>(ns % 60000000000) / 1e9, 9) + "s";
  return minutes ? std::to_string(minutes) + "m" + seconds : seconds;
}

value real_value(arena& a, double x) {
  char buffer[64];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, x).ptr;
  return make_number(a, std::string_view(buffer, end));
}

std::string table_text(const std::vector<std::string>& header,
                       const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  auto measure = [&](auto& row) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width(row[i]));
  };
  measure(header);
  for (auto& r : rows)
    measure(r);
  auto line = [&](const char* left, const char* middle, const char* right) {
    std::string out = left;
    for (size_t i = 0; i < widths.size(); ++i)
      out += (i ? middle : "") + repeated("─", widths[i] + 2);
    return out + right + "\n";
  };
  auto cells = [&](auto& row, bool centred) {
    std::string out;
    for (size_t i = 0; i < widths.size(); ++i) {
      auto text = i < row.size() ? row[i] : std::string();
      auto room = widths[i] - width(text);
      auto before = centred ? room / 2 : 0;
      out += "│ " + repeated(" ", before) + text + repeated(" ", room - before)
             + " ";
    }
    return out + "│\n";
  };
  auto out = line("┌", "┬", "┐");
  if (!header.empty())
    out += cells(header, true) + line("├", "┼", "┤");
  for (auto& r : rows)
    out += cells(r, false);
  return out + line("└", "┴", "┘");
}

std::string indented(const std::string& text, size_t by) {
  std::string out;
  bool begins = true;
  for (char c : text) {
    if (begins && c != '\n')
      out += std::string(by, ' ');
    begins = c == '\n';
    out += c;
  }
  return out;
}

namespace {

// As wide as Go has it, and with as many digits.
std::string benchmark_figure(double x) {
  int precision = 0;
  for (double least = 99.95; precision < 6 && x < least && x > 0; least /= 10)
    ++precision;
  char out[64];
  std::snprintf(out, sizeof out, "%*.*f", precision ? 11 + precision : 10,
                precision, x);
  return out;
}

} // namespace

std::string benchmark_text(size_t iterations, int64_t nanoseconds,
                           const allocations* taken) {
  char out[128];
  auto one = static_cast<double>(nanoseconds) / static_cast<double>(iterations);
  std::snprintf(out, sizeof out, "%8zu\t%s ns/op", iterations,
                benchmark_figure(one).c_str());
  std::string text = out;
  if (!taken)
    return text;
  std::snprintf(out, sizeof out, "\t%8llu B/op\t%8llu allocs/op",
                static_cast<unsigned long long>(taken->bytes / iterations),
                static_cast<unsigned long long>(taken->count / iterations));
  return text + out;
}

} // namespace rego::cli
