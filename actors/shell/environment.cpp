// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/environment.hpp"

#include "actors/shell/question.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <iterator>
#include <ostream>

namespace acgs::shell {

namespace {

constexpr std::size_t input_bytes_max = 8u << 20;

/// Has what goes into a stream go into another while it lives.
class redirected {
public:
  redirected(std::ostream& from, std::ostream& to)
      : from_{from}, before_{from.rdbuf(to.rdbuf())} {
    // In force.
  }
  ~redirected() { from_.rdbuf(before_); }
  redirected(const redirected&) = delete;
  redirected& operator=(const redirected&) = delete;

private:
  std::ostream& from_;
  std::streambuf* before_;
};

std::string identity_of(const client::options& how) {
  return how.address + '\n' + how.certificate + '\n' + how.key + '\n'
         + how.authority + '\n' + how.token;
}

/// Whether what was read ended by an error; the standard input, which is C's,
/// takes none from its file.
bool is_cut_off(const std::istream& from) {
  return from.bad() || (&from == &std::cin && std::ferror(stdin) != 0);
}

caf::error too_long(const std::string& what, std::size_t bytes_max) {
  return make_error(ec::too_large,
                    what + " has more than " + std::to_string(bytes_max >> 20)
                        + " MiB",
                    "file");
}

/// What a stream holds, or nothing where it is too much.
std::optional<std::string> read_all(std::istream& from,
                                    std::size_t bytes_max = input_bytes_max) {
  std::string out;
  std::array<char, 65536> buffer{};
  while (from.read(buffer.data(), buffer.size()), from.gcount() > 0) {
    out.append(buffer.data(), static_cast<std::size_t>(from.gcount()));
    if (out.size() > bytes_max)
      return std::nullopt;
  }
  return out;
}

std::vector<command> make_commands() {
  std::vector<command> out;
  for (auto make :
       {policy_commands, candidate_commands, bundle_commands, audit_commands,
        audit_writing_commands, admin_commands, identity_commands, key_commands,
        backup_commands, store_commands, local_commands, top_commands})
    for (auto& each : make())
      out.push_back(std::move(each));
  return out;
}

} // namespace

std::span<const command> all_commands() {
  static const std::vector<command> all = make_commands();
  return all;
}

environment::environment(std::istream& in, std::ostream& out, std::ostream& err)
    : in_{in}, shown_{out}, err_{err}, out_{out, err} {
  // Connects when the first command needs it.
}

result<client::connection*> environment::connect(const client::options& how) {
  auto wanted = identity_of(how);
  // One that the node has left meanwhile is found out before a command is
  // sent, which can then be sent again without doing anything twice.
  auto is_left = [&] {
    auto answered = connection_->identity();
    return !answered && code_of(answered.error()) == ec::unavailable;
  };
  if (connection_)
    connection_->set_timeout(how.timeout);
  if (!connection_ || connected_to_ != wanted || is_left()) {
    connection_.reset(); // a thread has one at a time
    auto opened = client::connection::open(how);
    if (!opened)
      return std::move(opened.error());
    connection_ = std::make_unique<client::connection>(std::move(*opened));
    connected_to_ = wanted;
  }
  connection_->set_timeout(how.timeout);
  return connection_.get();
}

int environment::run(const std::vector<std::string>& words,
                     const global_options& defaults) {
  auto wants_json = std::find(words.begin(), words.end(), "--json");
  out_.set_json(defaults.json || wants_json != words.end());
  auto what = parse(words, defaults);
  if (!what) {
    out_.error(what.error());
    return exit_code_of(code_of(what.error()));
  }
  out_.set_json(what->global.json);
  if (!what->what) {
    out_.document(what->text);
    return 0;
  }
  if (!what->what->words.starts_with("context"))
    if (auto error = apply_context(contexts_file(), what->global)) {
      out_.error(error);
      return exit_code_of(code_of(error));
    }
  if (what->what->dangerous && !what->global.yes && !confirmed(*what))
    return 2;
  invocation call{*what, *this};
  return what->what->run(call);
}

int environment::run_into(std::ostream& to,
                          const std::vector<std::string>& words,
                          const global_options& defaults) {
  redirected shown{shown_, to};
  redirected errors{err_, to};
  auto asks = std::exchange(interactive, false);
  auto ended = run(words, defaults);
  interactive = asks;
  return ended;
}

bool environment::confirmed(const parsed& what) {
  if (!interactive) {
    out_.error(make_error(ec::invalid_argument,
                          "'" + what.what->words
                              + "' is dangerous: nobody can be asked here, so "
                                "give --yes",
                          "yes"));
    return false;
  }
  auto answer = ask_person(err_, what.what->help + ". Type yes to go on: ");
  if (answer == "yes")
    return true;
  err_ << "nothing was done\n";
  return false;
}

bool ends_shell(const std::vector<std::string>& words) {
  return !words.empty() && (words.front() == "exit" || words.front() == "quit");
}

int environment::run_script(std::istream& lines,
                            const global_options& defaults) {
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    auto words = split_words(line);
    auto ended = 0;
    if (!words) {
      out_.error(words.error());
      ended = 2;
    } else if (ends_shell(*words)) {
      return 0;
    } else if (!words->empty()) {
      ended = run(*words, defaults);
    }
    if (ended != 0) {
      out_.set_json(defaults.json);
      out_.error(make_error(ec::cancelled, "the script stops: line "
                                               + std::to_string(number)
                                               + " ended with exit code "
                                               + std::to_string(ended)));
      return ended;
    }
  }
  if (!is_cut_off(lines))
    return 0;
  out_.error(make_error(ec::invalid_argument,
                        "the rest of the script cannot be read"));
  return 2;
}

std::optional<std::string> environment::ask_secret(const std::string& prompt) {
  if (interactive)
    return ask_person(err_, prompt, answer_is::secret);
  std::string out;
  std::getline(in_, out);
  return out;
}

result<std::string> environment::read_input() {
  if (interactive || input_is_script)
    return std::string{};
  auto all = read_all(in_);
  if (is_cut_off(in_))
    return make_error(ec::invalid_argument,
                      "the standard input cannot be read to its end", "input");
  if (!all)
    return too_long("the standard input", input_bytes_max);
  return std::move(*all);
}

result<std::string> environment::read_named(const std::string& file) {
  if (file != "-")
    return read_file(file);
  if (interactive || input_is_script)
    return make_error(ec::invalid_argument,
                      "'-' is what is piped into a command of its own; "
                      "expected a file in the shell, in a script and at a "
                      "terminal",
                      "file");
  return read_input();
}

result<std::ifstream> open_file(const std::string& path,
                                const std::string& field) {
  std::ifstream from{path, std::ios::binary};
  std::string why = std::strerror(errno);
  std::error_code ignored;
  if (!from || std::filesystem::is_directory(path, ignored))
    return make_error(ec::invalid_argument,
                      "cannot read '" + path
                          + "': " + (from ? "it is a folder" : why),
                      field);
  return from;
}

result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  auto from = open_file(path);
  if (!from)
    return std::move(from.error());
  auto all = read_all(*from, bytes_max);
  if (!all)
    return too_long("'" + path + "'", bytes_max);
  if (is_cut_off(*from))
    return make_error(ec::invalid_argument,
                      "cannot read '" + path + "' to its end", "file");
  return std::move(*all);
}

result<std::vector<std::string>> split_words(std::string_view line) {
  std::vector<std::string> out;
  std::string word;
  bool open = false; // a word has begun, though it may be empty
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto c = line[i];
    auto escapes = c == '\\' && quote != '\'' && i + 1 < line.size();
    if (escapes) {
      word += line[++i];
      open = true;
    } else if (quote) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      open = true;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      if (open)
        out.push_back(std::exchange(word, {}));
      open = false;
    } else if (c == '#' && !open) {
      break;
    } else {
      word += c;
      open = true;
    }
  }
  if (quote)
    return make_error(ec::invalid_argument,
                      std::string{"the quote "} + quote + " is not closed");
  if (open)
    out.push_back(std::move(word));
  return out;
}

std::string invocation::value(const std::string& key) const {
  auto found = parsed_.values.find(key);
  return found == parsed_.values.end() || found->second.empty()
             ? std::string{}
             : found->second.front();
}

std::uint64_t invocation::number(const std::string& key,
                                 std::uint64_t absent) const {
  auto word = value(key);
  return word.empty() ? absent : std::stoull(word); // checked when parsed
}

const std::vector<std::string>& invocation::all(const std::string& key) const {
  static const std::vector<std::string> none;
  auto found = parsed_.values.find(key);
  return found == parsed_.values.end() ? none : found->second;
}

output& invocation::out() {
  return in_.out();
}

client::connection* invocation::node() {
  auto got = in_.connect(parsed_.global.connect);
  if (got)
    return *got;
  failed_ = fail(got.error());
  return nullptr;
}

int invocation::fail(const caf::error& error) {
  auto code = code_of(error);
  if (code == ec::unavailable || code == ec::timed_out)
    in_.disconnect(); // the next command opens another
  out().error(error);
  return exit_code_of(code);
}

client::change_options invocation::change() const {
  return {value("reason"), value("request-id"), number("if-revision")};
}

int report(invocation& in, const caf::error& error, std::string_view done) {
  if (error)
    return in.fail(error);
  if (in.out().is_json())
    in.out().record({{"done", boolean(true)}});
  else
    in.out().note(done);
  return 0;
}

int report(invocation& in, const result<client::applied>& got,
           std::string_view done) {
  if (!got)
    return in.fail(got.error());
  if (in.out().is_json())
    in.out().record({{"revision", number(got->revision)},
                     {"ledger_index", number(got->index)}});
  else
    in.out().note(std::string{done} + " (revision "
                  + std::to_string(got->revision) + ", ledger entry "
                  + std::to_string(got->index) + ")");
  return 0;
}

} // namespace acgs::shell
