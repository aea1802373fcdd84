// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The node's log: one JSON object a line,
//   {"timestamp":...,"level":"INFO","logger":"ledger","message":...,...}
// followed by the extra fields of the call (`event` and `request_id` by
// custom first). Any thread may log; one process has one log, started by NODE.
// Without a file lines go to standard output, before `start` to standard error.
//
// No line carries a secret: fields whose name says that they hold one are
// masked, and callers never put prompts or inputs in. Each part is cut to a
// bound, so that hostile text cannot fill the disk with one line.

#include "runtime/base/clock.hpp"
#include "runtime/base/error.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace acgs::log {

enum class level : std::uint8_t { debug, info, warning, error };

inline constexpr std::array<std::string_view, 4> level_names{
    "DEBUG", "INFO", "WARNING", "ERROR"};

constexpr std::string_view to_string_view(level value) {
  return level_names[static_cast<std::size_t>(value)];
}

/// The level of that name in any case ("WARN" is taken too), or nothing.
std::optional<level> parse_level(std::string_view name);

/// One extra field of a line. Views its texts: made within the call only.
struct field {
  using value_type =
      std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  field(std::string_view k, std::string_view v) : key{k}, value{v} {}
  field(std::string_view k, const char* v)
      : key{k}, value{std::string_view{v}} {}
  field(std::string_view k, const std::string& v)
      : key{k}, value{std::string_view{v}} {}
  field(std::string_view k, bool v) : key{k}, value{v} {}
  field(std::string_view k, double v) : key{k}, value{v} {}
  template <std::signed_integral T>
  field(std::string_view k, T v) : key{k}, value{std::int64_t{v}} {}
  template <std::unsigned_integral T>
  field(std::string_view k, T v) : key{k}, value{std::uint64_t{v}} {}

  std::string_view key;
  value_type value;
};

using fields = std::initializer_list<field>;

/// Where the log goes and from which level on.
struct options {
  level least = level::info;
  std::filesystem::path file; ///< empty: standard output
  std::uint64_t file_bytes_max = 10485760;
  unsigned file_backups = 5;
};

/// Opens the log; called again, replaces it. Fails with `invalid_argument`
/// where the file cannot be opened; the log is then as it was.
caf::error start(const options& options);

/// Opens the file anew, after somebody moved it aside (SIGHUP). Not to be
/// called from a signal handler.
caf::error reopen();

/// Takes effect at the next line, on every thread.
void set_level(level least);

level current_level();

/// Lines that could not be written, since the process began.
std::uint64_t lines_lost();

/// The line of these parts with its newline; what the log writes.
std::string format_line(wall_time time, level level_, std::string_view logger,
                        std::string_view message, fields extra);

/// A named source of lines, for example `const log::logger log{"ledger"}`.
/// Keeps a view of its name: give it a literal.
class logger {
public:
  explicit constexpr logger(std::string_view name) : name_{name} {}

  void debug(std::string_view message, fields extra = {}) const {
    write(level::debug, message, extra);
  }
  void info(std::string_view message, fields extra = {}) const {
    write(level::info, message, extra);
  }
  void warning(std::string_view message, fields extra = {}) const {
    write(level::warning, message, extra);
  }
  void error(std::string_view message, fields extra = {}) const {
    write(level::error, message, extra);
  }
  void write(level level_, std::string_view message, fields extra) const;

private:
  std::string_view name_;
};

} // namespace acgs::log
