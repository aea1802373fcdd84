// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A command as a value: its words, what it takes, its help with an example,
// and the function that does it. Parsing, help and completion all read the
// same table. The functions are in `commands_*.cpp`.

#include "actors/shell/output.hpp"
#include "runtime/client/client.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::shell {

/// What a value names, so that completion can offer it.
enum class kind : std::uint8_t {
  free,    ///< any text
  choice,  ///< one of `choices`
  file,    ///< a file on this machine
  number,  ///< a whole number within `low` and `high`
  policy,  ///< a policy's id
  path,    ///< a path of a decision
  data,    ///< a path of data
  actor,   ///< an actor's name
  breaker, ///< a breaker's name
  user,    ///< a user's name
  token,   ///< a token's id
  bundle,  ///< a bundle's name
  key,     ///< a signing key's name and id
  context, ///< a context's name
  words,   ///< the rest of the line
};

struct parameter {
  std::string name; ///< "id" for a positional one, "-i,--input", "--follow"
  std::string help;
  kind takes = kind::free;
  bool required = false;
  bool flag = false; ///< takes no value
  bool many = false;
  std::vector<std::string> choices{};
  std::uint64_t low = 0;
  std::uint64_t high = std::numeric_limits<std::uint64_t>::max();

  bool is_option() const { return name.starts_with('-'); }
  /// Whether the word is this option: "-i" or "--input".
  bool is_named(const std::string& word) const;
  /// Without dashes, the long form: "input".
  std::string key() const;
};

/// An option that takes a whole number within these bounds.
parameter
number_option(std::string name, std::string help, std::uint64_t low = 0,
              std::uint64_t high = std::numeric_limits<std::uint64_t>::max());

/// "--reason": why a change is made, for the record.
parameter reason_option(bool required = false);

/// "--if-revision": a change is made at that revision of control state alone.
parameter revision_option();

class invocation;

struct command {
  std::string words; ///< "policy put"
  std::string help;
  std::string example;
  std::vector<parameter> parameters;
  bool dangerous = false;
  int (*run)(invocation&) = nullptr;
};

/// All commands of this program.
std::span<const command> all_commands();

/// What all commands of a file add up to (commands_*.cpp).
std::vector<command> policy_commands();
std::vector<command> candidate_commands();
std::vector<command> bundle_commands();
std::vector<command> audit_commands();
std::vector<command> audit_writing_commands();
std::vector<command> admin_commands();
std::vector<command> identity_commands();
std::vector<command> backup_commands();
std::vector<command> store_commands();
std::vector<command> key_commands();
std::vector<command> local_commands();
std::vector<command> top_commands();

/// What stands before or after any command.
struct global_options {
  client::options connect;
  std::string context;
  std::string script;
  bool json = false;
  bool yes = false;
  bool addr_given = false;
};

/// What a line of words came to.
struct parsed {
  const command* what = nullptr; ///< null: nothing to do, `text` to be shown
  std::map<std::string, std::vector<std::string>> values;
  global_options global;
  std::string text; ///< help or version, or the shell is wanted where empty
};

/// Reads the words of one command line; "help" before a command, also behind
/// options of the program, is "--help".
/// `defaults` are those of the program or the shell. Fails with
/// `invalid_argument`.
result<parsed> parse(std::vector<std::string> words,
                     const global_options& defaults);

class environment;

/// One command as it is carried out.
class invocation {
public:
  invocation(const parsed& from, environment& in) : parsed_{from}, in_{in} {}

  bool has(const std::string& key) const {
    return parsed_.values.contains(key);
  }
  /// The value, or "".
  std::string value(const std::string& key) const;
  /// The number; `absent` where there is none.
  std::uint64_t number(const std::string& key, std::uint64_t absent = 0) const;
  const std::vector<std::string>& all(const std::string& key) const;

  output& out();
  environment& env() { return in_; }
  const global_options& global() const { return parsed_.global; }

  /// The connection, opened on first use. Null after showing why there is
  /// none; then `failed` is the exit code.
  client::connection* node();
  int failed() const { return failed_; }

  /// Shows an error and gives its exit code.
  int fail(const caf::error& error);

  /// The reason and request id of a change, by the options of that name.
  client::change_options change() const;

private:
  const parsed& parsed_;
  environment& in_;
  int failed_ = 0;
};

/// `command::run` of what begins with the connection: calls `Use` with it, or
/// shows why there is none.
template <int (*Use)(invocation&, client::connection&)>
int on_node(invocation& in) {
  auto* node = in.node();
  return node ? Use(in, *node) : in.failed();
}

/// Calls `use` with what a call gave, which shows it and gives the exit code;
/// or shows the error.
template <class T, class Use>
int show(invocation& in, result<T> got, Use use) {
  if (!got)
    return in.fail(got.error());
  return use(*got);
}

/// Shows that something is done, or why not.
int report(invocation& in, const caf::error& error, std::string_view done);
int report(invocation& in, const result<client::applied>& got,
           std::string_view done);

} // namespace acgs::shell
