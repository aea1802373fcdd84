// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// context ..., watch: what this program does by itself.

#include "actors/shell/contexts.hpp"
#include "actors/shell/environment.hpp"
#include "actors/shell/live_screen.hpp"
#include "actors/shell/pause.hpp"

#include <sstream>

namespace acgs::shell {

namespace {

std::string absolute(const std::string& path) {
  return path.empty()
             ? path
             : std::filesystem::absolute(path).lexically_normal().string();
}

/// What leads to the node from any folder, not only from this one.
client::options from_anywhere(client::options how) {
  constexpr std::string_view local = "unix:";
  if (how.address.starts_with(local))
    how.address =
        std::string{local} + absolute(how.address.substr(local.size()));
  for (auto* file : {&how.certificate, &how.key, &how.authority})
    *file = absolute(*file);
  return how;
}

int context_add(invocation& in) {
  auto all = load_contexts(contexts_file());
  if (!all)
    return in.fail(all.error());
  auto name = in.value("name");
  all->known[name] = from_anywhere(in.global().connect);
  if (all->current.empty())
    all->current = name;
  return report(in, save_contexts(contexts_file(), *all),
                "added '" + name + "'");
}

int context_use(invocation& in) {
  auto all = load_contexts(contexts_file());
  if (!all)
    return in.fail(all.error());
  auto name = in.value("name");
  if (!all->known.contains(name))
    return in.fail(make_error(ec::not_found,
                              "there is no context '" + name + "'", "name"));
  all->current = name;
  in.env().disconnect();
  return report(in, save_contexts(contexts_file(), *all),
                "using '" + name + "'");
}

int context_list(invocation& in) {
  auto all = load_contexts(contexts_file());
  if (!all)
    return in.fail(all.error());
  std::vector<row> rows;
  for (auto& [name, each] : all->known)
    rows.push_back({{"name", text(name)},
                    {"in_use", boolean(name == all->current)},
                    {"addr", text(each.address)},
                    {"cert", text(each.certificate)},
                    {"token", boolean(!each.token.empty())}});
  in.out().list(rows);
  return 0;
}

/// Whether the words are a command that never ends by itself.
caf::error check_ends(const std::vector<std::string>& words,
                      const global_options& defaults) {
  auto what = parse(words, defaults);
  if (!what || !what->what)
    return {}; // carrying it out says what is wrong
  const auto& name = what->what->words;
  const auto& given = what->values;
  auto goes_on =
      name == "watch" || given.contains("follow")
      || (name == "top" && !given.contains("once") && !given.contains("count"));
  if (!goes_on)
    return {};
  return make_error(ec::invalid_argument,
                    "'" + name + "' goes on by itself: watch cannot repeat it",
                    "command");
}

/// One run after the other, for files, pipes and programs.
int watch_in_lines(invocation& in, std::uint64_t count,
                   std::chrono::seconds interval) {
  pauses between;
  for (std::uint64_t i = 1;; ++i) {
    auto ended = in.env().run(in.all("command"), in.global());
    if (ended == 2 || i == count || !between.wait_after(in.out(), interval))
      return ended;
  }
}

/// On a terminal, in its place; the last run stays to be read.
int watch_on_screen(invocation& in, std::uint64_t count,
                    std::chrono::seconds interval) {
  std::string last;
  auto ended = 0;
  {
    live_screen screen;
    for (std::uint64_t i = 1;; ++i) {
      std::ostringstream lines;
      ended = in.env().run_into(lines, in.all("command"), in.global());
      last = lines.str();
      screen.draw("every " + std::to_string(interval.count())
                  + " s, q or Ctrl-C ends it\n\n" + last);
      if (ended == 2 || i == count || !screen.wait(interval))
        break;
    }
  }
  in.out().document(last);
  return ended;
}

int watch(invocation& in) {
  if (auto wrong = check_ends(in.all("command"), in.global()))
    return in.fail(wrong);
  auto count = in.number("count");
  std::chrono::seconds interval{in.number("interval", 2)};
  if (in.env().interactive && !in.out().is_json())
    return watch_on_screen(in, count, interval);
  return watch_in_lines(in, count, interval);
}

} // namespace

std::vector<command> local_commands() {
  const parameter known{"name", "the context", kind::context, true};
  return {
      {"context add",
       "Keeps --addr, --cert, --key, --ca and --token under a name; files "
       "by their absolute paths",
       "acgs context add prod --addr 10.0.0.5:8182 --cert c.pem --key k.pem "
       "--ca ca.pem",
       {{"name", "the new name", kind::free, true}},
       false,
       context_add},
      {"context use",
       "Uses a context from now on",
       "acgs context use prod",
       {known},
       false,
       context_use},
      {"context list",
       "Lists the contexts",
       "acgs context list",
       {},
       false,
       context_list},
      {"watch",
       "Runs a command again and again",
       "acgs watch --interval 5 actors",
       {number_option("--interval", "seconds between two runs, 2 where absent",
                      1, 3600),
        number_option("--count", "so many times; for ever where absent", 1),
        {"command", "the command with its words", kind::words, true, false,
         true}},
       false,
       watch},
  };
}

} // namespace acgs::shell
