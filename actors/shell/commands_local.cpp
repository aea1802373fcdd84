// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// context ..., watch: what this program does by itself.

#include "actors/shell/contexts.hpp"
#include "actors/shell/environment.hpp"
#include "actors/shell/pause.hpp"

namespace acgs::shell {

namespace {

int context_add(invocation& in) {
  auto all = load_contexts(contexts_file());
  if (!all)
    return in.fail(all.error());
  auto name = in.value("name");
  all->known[name] = in.global().connect;
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

int watch(invocation& in) {
  auto& words = in.all("command");
  if (words.front() == "watch")
    return in.fail(make_error(ec::invalid_argument,
                              "watch does not watch itself", "command"));
  auto count = in.number("count");
  auto seconds = in.number("interval", 2);
  auto defaults = in.global();
  pauses between;
  for (std::uint64_t i = 0;; ++i) {
    if (in.env().interactive)
      in.out().note("\x1b[H\x1b[2J" + std::string{"every "}
                    + std::to_string(seconds) + " s, Ctrl-C ends it\n");
    auto ended = in.env().run(words, defaults);
    in.out().flush(); // into a pipe as well, before the next pause
    if (ended == 2 || (count > 0 && i + 1 >= count))
      return ended;
    if (!between.wait(std::chrono::seconds{seconds}))
      return ended;
  }
}

} // namespace

std::vector<command> local_commands() {
  const parameter known{"name", "the context", kind::context, true};
  return {
      {"context add",
       "Keeps --addr, --cert, --key, --ca and --token under a name",
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
