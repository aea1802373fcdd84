// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The state of `rego run`: the policies loaded, what was typed in each package,
// and what a line does to it. Prints its answers to standard output; reads
// nothing by itself.

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "cli/cli.hpp"
#include "cli/explain.hpp"

namespace rego::cli {

/// Does the text end within brackets, a raw string or behind an operator, so
/// that more has to come?
bool wants_more(std::string_view text);

class session {
public:
  enum class step : uint8_t { done, more, exit };

  session(loaded files, compile_options compiling, environment world = {});

  /// Compiles what was loaded; errors leave the session without it.
  rego::errors start();

  /// Goes on with other policies and data; errors leave what was there.
  rego::errors reload(loaded files);

  /// How answers are written: "pretty" or "json".
  void set_format(std::string format) { format_ = std::move(format); }

  /// One line: a command, a rule, an import, a package, a query, or a part of
  /// one (`more`), which an empty line gives up.
  step line(const std::string& text);

  /// Forgets what is open.
  void give_up() { pending_.clear(); }

  /// Ends what runs once it is set, which outlives the session.
  void cancel_by(const std::atomic<bool>& stop) { cancel_ = &stop; }

  /// What a word may become, sorted.
  std::vector<std::string> completions(std::string_view word) const;

  /// "> ", or "| " within a text that goes on.
  const char* prompt() const { return pending_.empty() ? "> " : "| "; }

private:
  struct typed {
    std::vector<std::string> imports;
    std::vector<std::pair<std::string, std::string>> rules; // name, text
  };

  void obey(const std::string& text);
  void command(const std::string& name, const std::string& rest);
  bool define(const std::string& text);
  void ask(const std::string& text);
  void add_import(const std::string& text);
  void set_package(const std::string& name);
  void unset(const std::string& name);
  void set_input(const std::string& text);
  void show() const;
  std::string module_text(const std::string& package, const typed& t) const;
  rego::errors compile_all();
  void restore(const std::map<std::string, typed>& before,
               const rego::errors& why);

  loaded files_;
  compile_options compiling_;
  policy_ptr policy_;
  std::map<std::string, typed> typed_;
  std::string package_ = "repl";
  std::string input_;
  std::string pending_;
  std::string format_ = "pretty";
  explain_mode explain_ = explain_mode::off;
  evaluator evaluator_;
  const std::atomic<bool>* cancel_ = nullptr;
};

} // namespace rego::cli
