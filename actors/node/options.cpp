// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/options.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace acgs::node {

namespace {

constexpr const char* footer = R"(
Runs in the foreground and logs JSON lines. SIGTERM drains and stops, SIGHUP
opens the log file anew. Exit codes: 0 done, 2 bad configuration or usage,
3 already running, or a store or a port is in use, 4 internal failure, or some
part did not end within process.graceful_shutdown_timeout; the log names it.

example: acgsd --config config/acgs.yaml
         acgsd --config config/acgs.yaml --new-epoch "the disk was lost"
         acgsd --config config/acgs.yaml --new-passphrase-file ./new-secret
         acgsd --config config/acgs.yaml --print-config http.listen)";

std::string is_reason(const std::string& text) {
  constexpr std::size_t bytes_max = 500;
  if (!text.empty() && text.size() <= bytes_max)
    return {};
  return "expected 1 to 500 bytes that say why";
}

} // namespace

std::variant<options, int> parse_options(int argc, char** argv) {
  options out;
  bool check = false;
  bool version = false;
  bool plain = false;
  CLI::App app{"A node of ACGS: decides, records and answers."};
  app.footer(footer);
  app.add_option("--config", out.config, "Configuration, a regular file")
      ->capture_default_str();
  app.add_flag("--check-config", check,
               "Read the configuration, report every problem, and end");
  auto* print = app.add_option("--print-config", out.key,
                               "Print the effective values, or one key's")
                    ->expected(0, 1);
  auto* epoch =
      app.add_option("--new-epoch", out.reason,
                     "Begin a new log under the next origin, for this reason, "
                     "and end: where the store was lost or rolled back")
          ->check(CLI::Validator{is_reason, "REASON"});
  auto* locks = app.add_option_group(
      "locks", "What the key files are encrypted with; the node must not run");
  locks->add_option("--new-passphrase-file", out.new_passphrase_file,
                    "Encrypt the key files with the passphrase in this file "
                    "from now on, and end");
  locks->add_option("--new-key-file", out.new_key_file,
                    "The same with a file of at least 32 random bytes");
  locks->add_flag("--no-key-lock", plain, "The same with nothing");
  locks->require_option(0, 1);
  app.add_flag("--version", version, "Print the version and end");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (version)
    out.what = options::task::version;
  else if (epoch->count() > 0)
    out.what = options::task::new_epoch;
  else if (plain || !out.new_passphrase_file.empty()
           || !out.new_key_file.empty())
    out.what = options::task::relock_keys;
  else if (check)
    out.what = options::task::check_config;
  else if (print->count() > 0)
    out.what = options::task::print_config;
  return out;
}

} // namespace acgs::node
