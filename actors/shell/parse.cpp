// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The command line by CLI11, made anew for each line from the table of
// commands. The only file that knows CLI11.

#include "actors/shell/command.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <list>

namespace acgs::shell {

namespace {

/// Where CLI11 leaves what it read for one command.
struct slot {
  const command* what = nullptr;
  CLI::App* at = nullptr;
  std::list<std::pair<const parameter*, std::vector<std::string>>> values;
  std::list<std::pair<const parameter*, bool>> flags;
};

std::string check_number(const std::string& word) {
  auto digits = !word.empty() && word.size() <= 19
                && word.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "" : "'" + word + "' is not a whole number from 0";
}

const char* type_name(kind of) {
  switch (of) {
  case kind::file:
    return "FILE";
  case kind::number:
    return "N";
  case kind::policy:
  case kind::token:
    return "ID";
  case kind::path:
  case kind::data:
    return "PATH";
  case kind::actor:
  case kind::breaker:
  case kind::user:
  case kind::context:
    return "NAME";
  default:
    return "TEXT";
  }
}

void add_parameter(slot& to, const parameter& from) {
  if (from.takes == kind::words) {
    to.at->prefix_command();
    to.at->fallthrough(false); // or the words would be the program's
    to.at->footer("example: " + to.what->example);
    return;
  }
  if (from.flag) {
    auto& flag = to.flags.emplace_back(&from, false);
    to.at->add_flag(from.name, flag.second, from.help);
    return;
  }
  auto& values = to.values.emplace_back(&from, std::vector<std::string>{});
  auto* option = to.at->add_option(from.name, values.second, from.help);
  option->type_name(type_name(from.takes));
  option->expected(1, from.many ? CLI::detail::expected_max_vector_size : 1);
  option->allow_extra_args(from.many);
  option->required(from.required);
  if (from.takes == kind::choice)
    option->check(CLI::IsMember(from.choices));
  if (from.takes == kind::number)
    option->check(CLI::Validator{
        [](std::string& word) { return check_number(word); }, ""});
}

CLI::App* child(CLI::App* of, const std::string& name) {
  for (auto* each : of->get_subcommands([](CLI::App*) { return true; }))
    if (each->get_name() == name)
      return each;
  auto* made = of->add_subcommand(name);
  made->fallthrough();
  return made;
}

void add_command(CLI::App& app, slot& to) {
  to.at = &app;
  std::size_t begin = 0;
  auto& words = to.what->words;
  while (begin <= words.size()) {
    auto end = std::min(words.find(' ', begin), words.size());
    auto* next = child(to.at, words.substr(begin, end - begin));
    to.at = next;
    begin = end + 1;
  }
  to.at->description(to.what->help);
  to.at->footer("example: " + to.what->example);
  for (auto& each : to.what->parameters)
    add_parameter(to, each);
}

/// Groups such as `policy` need one of their commands.
void require_commands(CLI::App& of, const std::list<slot>& slots) {
  for (auto* each : of.get_subcommands([](CLI::App*) { return true; })) {
    auto runs = std::any_of(slots.begin(), slots.end(),
                            [&](auto& slot) { return slot.at == each; });
    if (!runs) {
      each->require_subcommand(1);
      each->description("... see acgs " + each->get_name() + " --help");
    }
  }
}

void add_global(CLI::App& app, global_options& to, std::size_t& seconds) {
  app.add_flag("--json", to.json, "One JSON object a line");
  app.add_option("--addr", to.connect.address, "Node: unix:PATH or HOST:PORT")
      ->type_name("ADDR");
  app.add_option("--cert", to.connect.certificate, "Client certificate, PEM")
      ->type_name("FILE");
  app.add_option("--key", to.connect.key, "Its key, PEM")->type_name("FILE");
  app.add_option("--ca", to.connect.authority, "The node's authority, PEM")
      ->type_name("FILE");
  app.add_option("--token", to.connect.token,
                 "Token to show instead of oneself")
      ->type_name("TOKEN");
  app.add_option("--context", to.context, "Named context to use")
      ->type_name("NAME");
  app.add_option("--timeout", seconds, "Seconds to wait for an answer")
      ->type_name("N")
      ->check(CLI::Range(1, 86400));
  app.add_flag("--yes", to.yes, "Do not ask before dangerous commands");
  app.add_option("-f", to.script, "Run the commands in a file")
      ->type_name("SCRIPT");
}

void take(parsed& out, const slot& from) {
  out.what = from.what;
  for (auto& [parameter, values] : from.values)
    if (!values.empty())
      out.values[parameter->key()] = values;
  for (auto& [parameter, given] : from.flags)
    if (given)
      out.values[parameter->key()] = {};
  for (auto& each : from.what->parameters)
    if (each.takes == kind::words) {
      auto rest = from.at->remaining();
      if (rest.empty())
        throw CLI::RequiredError(each.name);
      out.values[each.key()] = std::move(rest);
    }
}

const slot* chosen(const CLI::App& app, const std::list<slot>& slots) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty())
    at = at->get_subcommands().front();
  for (auto& each : slots)
    if (each.at == at)
      return &each;
  return nullptr;
}

} // namespace

std::string parameter::key() const {
  auto last = name.substr(
      name.rfind(',') == std::string::npos ? 0 : name.rfind(',') + 1);
  return last.substr(std::min(last.find_first_not_of('-'), last.size()));
}

result<parsed> parse(const std::vector<std::string>& words,
                     const global_options& defaults) {
  parsed out;
  out.global = defaults;
  CLI::App app{"Drives an ACGS node; without a command it opens a shell.",
               "acgs"};
  app.footer("exit codes: 0 done, 1 the answer is no, 2 bad input, "
             "3 not reachable or not ready, 4 internal failure\n"
             "example: acgs --addr unix:./data/acgsd.sock health");
  app.require_subcommand(0, 1);
  app.fallthrough();
  std::size_t seconds = static_cast<std::size_t>(
      std::chrono::duration_cast<std::chrono::seconds>(defaults.connect.timeout)
          .count());
  add_global(app, out.global, seconds);
  std::list<slot> slots;
  for (auto& each : all_commands()) {
    slots.emplace_back().what = &each;
    add_command(app, slots.back());
  }
  require_commands(app, slots);
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app.parse(reversed);
    if (auto* found = chosen(app, slots))
      take(out, *found);
  } catch (const CLI::CallForHelp&) {
    out.text = app.help();
    return out;
  } catch (const CLI::ParseError& error) {
    return make_error(ec::invalid_argument,
                      std::string{error.what()}
                          + "; acgs --help shows what there is");
  }
  out.global.connect.timeout = std::chrono::seconds{seconds};
  out.global.addr_given =
      defaults.addr_given || app.get_option("--addr")->count() > 0;
  return out;
}

} // namespace acgs::shell
