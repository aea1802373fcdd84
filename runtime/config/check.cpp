// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Checks beyond single keys: keys that must agree, and files that must exist.

#include "runtime/config/load.hpp"
#include "runtime/config/problems.hpp"
#include "runtime/config/value_text.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace acgs::config {

namespace {

namespace fs = std::filesystem;

void check_tls(const http_settings& http, problems& found) {
  if (http.tls_certificate.empty() != http.tls_key.empty())
    found.add("http.tls_certificate, http.tls_key: only one is set; expected "
              "both or neither");
  if (!http.tls_client_authority.empty() && http.tls_certificate.empty())
    found.add("http.tls_client_authority: is set without "
              "http.tls_certificate; expected both");
  if (!http.tls_certificate.empty())
    return;
  for (auto& one : http.listen)
    if (!one.is_loopback())
      found.add("http.listen: '" + one.to_string()
                + "' is reachable from other machines; expected a loopback "
                  "address, or http.tls_certificate and http.tls_key");
}

void check_not_above(std::string_view small, std::uint64_t a,
                     std::string_view large, std::uint64_t b, problems& found) {
  if (a > b)
    found.add(std::string{small} + ": " + std::to_string(a) + " is above "
              + std::string{large} + " (" + std::to_string(b)
              + "); expected at most that");
}

void check_not_above(std::string_view small, duration a, std::string_view large,
                     duration b, problems& found) {
  if (a > b)
    found.add(std::string{small} + ": " + print_duration(a) + " is above "
              + std::string{large} + " (" + print_duration(b)
              + "); expected at most that");
}

/// Below four times the reserve health warns; a store that starts there could
/// not take its first entries.
void check_room(const ledger_settings& ledger, problems& found) {
  if (ledger.reserve > ledger.map_size / 4)
    found.add("ledger.reserve: " + print_size(ledger.reserve)
              + " is above a quarter of ledger.map_size ("
              + print_size(ledger.map_size) + "); expected at most that");
}

/// The first folder on the way up that exists.
fs::path existing_part(const fs::path& folder) {
  std::error_code ignored;
  auto at = fs::absolute(folder, ignored);
  while (!fs::exists(at, ignored) && at.has_relative_path())
    at = at.parent_path();
  return at;
}

void check_writable(std::string_view name, const fs::path& folder,
                    problems& found) {
  std::error_code ignored;
  auto at = existing_part(folder);
  bool is_folder = fs::is_directory(at, ignored);
  if (is_folder && ::access(at.c_str(), W_OK | X_OK) == 0)
    return;
  const char* why =
      is_folder ? std::strerror(errno) : "something else is there";
  found.add(std::string{name} + ": '" + folder.string()
            + "' cannot be made or written: " + why
            + "; expected a folder of this user's");
}

void check_readable(std::string_view name, const fs::path& what, bool folder,
                    problems& found) {
  std::error_code ignored;
  bool right_kind = folder ? fs::is_directory(what, ignored)
                           : fs::is_regular_file(what, ignored);
  if (!right_kind || ::access(what.c_str(), R_OK) != 0)
    found.add(std::string{name} + ": '" + what.string()
              + "' cannot be read; expected "
              + (folder ? "an existing folder" : "an existing file"));
}

/// What holds keys is its owner's alone, as ssh has it.
void check_private(std::string_view name, const fs::path& what,
                   const char* expected, problems& found) {
  std::error_code ignored;
  auto mode = static_cast<unsigned>(fs::status(what, ignored).permissions());
  if (!fs::exists(what, ignored) || (mode & 077) == 0)
    return;
  std::array<char, 8> shown{};
  std::snprintf(shown.data(), shown.size(), "%04o", mode & 07777);
  found.add(std::string{name} + ": '" + what.string() + "' has mode "
            + shown.data() + ", so that others may have read the keys; "
            + "expected " + expected);
}

/// An address of a Unix socket holds at most 107 bytes.
void check_socket(const path& socket, problems& found) {
  if (socket.string().size() > 107)
    found.add("rpc.socket: '" + socket.string().substr(0, 64)
              + "...' is too long; expected at most 107 bytes");
}

} // namespace

void check_together(const settings& values, problems& found) {
  if (values.node.data_dir.string().starts_with("$data_dir"))
    found.add("node.data_dir: stands for itself; expected a path");
  check_tls(values.http, found);
  check_socket(values.rpc.socket, found);
  auto& process = values.process;
  check_not_above("process.drain_timeout", process.drain_timeout,
                  "process.graceful_shutdown_timeout",
                  process.graceful_shutdown_timeout, found);
  check_not_above("auth.token_ttl", values.auth.token_ttl, "auth.refresh_ttl",
                  values.auth.refresh_ttl, found);
  check_not_above("policy.input_bytes_max", values.policy.input_bytes_max,
                  "http.body_bytes_max", values.http.body_bytes_max, found);
  check_not_above("http.body_bytes_max", values.http.body_bytes_max,
                  "http.bodies_bytes_max", values.http.bodies_bytes_max, found);
  check_room(values.ledger, found);
  auto& breakers = values.breakers;
  if (breakers.sliding_window_type == "count")
    check_not_above(
        "breakers.minimum_number_of_calls", breakers.minimum_number_of_calls,
        "breakers.sliding_window_size", breakers.sliding_window_size, found);
  check_not_above("breakers.wait_duration_in_open_state",
                  breakers.wait_duration_in_open_state,
                  "breakers.wait_duration_in_open_state_max",
                  breakers.wait_duration_in_open_state_max, found);
}

caf::error check_files(const settings& values) {
  problems found;
  check_writable("node.data_dir", values.node.data_dir, found);
  check_writable("process.pid_dir", values.process.pid_dir, found);
  check_writable("keys.dir", values.keys.dir, found);
  check_private("keys.dir", values.keys.dir, "0700", found);
  for (auto [name, one] :
       {std::pair{"keys.passphrase_file", &values.keys.passphrase_file},
        std::pair{"keys.key_file", &values.keys.key_file}})
    if (!one->empty()) {
      check_readable(name, *one, false, found);
      check_private(name, *one, "0600", found);
    }
  if (!values.logging.file.empty())
    check_writable("logging.file",
                   fs::absolute(values.logging.file).parent_path(), found);
  check_readable("constitution.directory", values.constitution.directory, true,
                 found);
  for (auto& one : values.policy.directories)
    check_readable("policy.directories", one, true, found);
  if (!values.http.tls_certificate.empty()) {
    check_readable("http.tls_certificate", values.http.tls_certificate, false,
                   found);
    check_readable("http.tls_key", values.http.tls_key, false, found);
    check_private("http.tls_key", values.http.tls_key, "0600", found);
    if (!values.http.tls_client_authority.empty())
      check_readable("http.tls_client_authority",
                     values.http.tls_client_authority, false, found);
  }
  return found.empty() ? caf::error{} : found.to_error();
}

} // namespace acgs::config
