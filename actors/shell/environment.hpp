// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a run of `acgs` has at hand: streams, the connection (one at a time,
// kept between commands of a shell), and how to ask the person. One thread.

#include "actors/shell/command.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iosfwd>
#include <memory>

namespace acgs::shell {

class environment {
public:
  environment(std::istream& in, std::ostream& out, std::ostream& err);

  output& out() { return out_; }

  /// The connection with these options; the one that is open where they are
  /// the same.
  result<client::connection*> connect(const client::options& how);

  /// Drops the connection, so that the next command opens another.
  void disconnect() { connection_.reset(); }

  /// Carries out one line of words: parses, asks where it is dangerous, runs.
  /// Gives the exit code.
  int run(const std::vector<std::string>& words,
          const global_options& defaults);

  /// The same with what it shows, errors too, going there. Nobody can be asked
  /// meanwhile.
  int run_into(std::ostream& to, const std::vector<std::string>& words,
               const global_options& defaults);

  /// Runs the lines of a script; stops at the first that fails, and at one
  /// that ends the shell.
  int run_script(std::istream& lines, const global_options& defaults);

  /// A secret from the person, not shown while it is typed, nothing where
  /// Ctrl-C came instead; or the first line of the input where that is no
  /// terminal.
  std::optional<std::string> ask_secret(const std::string& prompt);

  /// All of the standard input, at most 8 MiB. Nothing where a person sits at
  /// it. Fails with `too_large`, and with `invalid_argument` where it cannot be
  /// read to its end.
  result<std::string> read_input();

  /// A file's text; that of "-" is the standard input. Fails as `read_file`
  /// does, and with `invalid_argument` where a person or a script has the
  /// standard input.
  result<std::string> read_named(const std::string& file);

  bool interactive = false;     ///< a person can answer questions
  bool input_is_script = false; ///< so that no command reads from it
  std::function<std::vector<std::string>(kind)> names; ///< live, for completion

private:
  bool confirmed(const parsed& what);

  std::istream& in_;
  std::ostream& shown_;
  std::ostream& err_;
  output out_;
  std::string connected_to_;
  std::unique_ptr<client::connection> connection_;
};

/// Splits a line into words as shells do: blanks, '...', "...", backslash, and
/// '#' before a comment. Fails with `invalid_argument` on an open quote.
result<std::vector<std::string>> split_words(std::string_view line);

/// Whether the words of a line end the shell, or the script: "exit", "quit".
bool ends_shell(const std::vector<std::string>& words);

/// A file that can be read from. Fails with `invalid_argument` about `field`,
/// naming it and why; a folder is none.
result<std::ifstream> open_file(const std::string& path,
                                const std::string& field = "file");

/// A file's text, at most so many bytes. Fails with `invalid_argument` or
/// `too_large`, naming it.
result<std::string> read_file(const std::string& path,
                              std::size_t bytes_max = 8u << 20);

/// Where contexts are kept: $ACGS_CONTEXTS, or acgs/contexts.json in the
/// user's configuration folder.
std::filesystem::path contexts_file();

/// Fills in what the named context (or the one in use, where the name is
/// empty) says and the line did not. Fails with `not_found` or
/// `invalid_argument`.
caf::error apply_context(const std::filesystem::path& file, global_options& to);

} // namespace acgs::shell
