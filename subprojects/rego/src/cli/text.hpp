// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Durations, counts and tables of the command line, written as OPA writes them.

#include <chrono>
#include <string>
#include <vector>

#include "cli/allocations.hpp"
#include "cli/cli.hpp"
#include "rego/explain.hpp"

namespace rego::cli {

/// "1m30s", "250ms", "5s": a usage_error names the option where it is none.
std::chrono::nanoseconds parse_duration(const std::string& option,
                                        const std::string& text);

/// A whole number from `least` on, or a usage_error that names the option.
uint64_t parse_count(const std::string& option, const std::string& text,
                     uint64_t least = 0);

/// As Go's benchmarks: iterations, "ns/op" of the time of all, and what they
/// took from the heap unless null.
std::string benchmark_text(size_t iterations, int64_t nanoseconds,
                           const allocations* taken);

/// "123.456µs", "1.5s", "2m3s".
std::string duration_text(int64_t nanoseconds);

/// The shortest number that reads back the same, as a value.
value real_value(arena& a, double x);

/// Each line further in by that many spaces, empty ones aside.
std::string indented(const std::string& text, size_t by);

/// A table in box characters; `header` may be empty.
std::string table_text(const std::vector<std::string>& header,
                       const std::vector<std::vector<std::string>>& rows);

} // namespace rego::cli
