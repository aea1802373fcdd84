// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// acgsd's command line.

#include <filesystem>
#include <string>
#include <variant>

namespace acgs::node {

/// What acgsd is asked to do.
struct options {
  enum class task {
    serve,        ///< run a node in the foreground
    new_epoch,    ///< begin a new log for `reason`, since the last was lost
    relock_keys,  ///< encrypt the key files with something else, or nothing
    check_config, ///< read the configuration, say what is wrong, end
    print_config, ///< print the effective values, or that of `key`
    version,
  };
  task what = task::serve;
  std::filesystem::path config = "config/acgs.yaml";
  std::string key;
  std::string reason;
  std::filesystem::path new_passphrase_file; ///< to relock with, or else
  std::filesystem::path new_key_file;        ///< this; neither: with nothing
};

/// The options, or, where help was asked for or a word was wrong, the exit
/// code with which to end; the text has been printed then.
std::variant<options, int> parse_options(int argc, char** argv);

} // namespace acgs::node
