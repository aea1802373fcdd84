// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The command line by CLI11, made anew for each line from the table of
// commands. The only file that knows CLI11.

#include "actors/shell/global_options.hpp"

#include "runtime/base/nearest.hpp"
#include "runtime/base/number_text.hpp"
#include "runtime/base/version.hpp"

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

/// What is wrong with a value; empty where nothing is.
std::string check_value(const parameter& of, const std::string& word) {
  if (word.empty())
    return of.takes == kind::data ? "" : "the value is empty";
  if (of.takes == kind::choice) {
    std::string all;
    for (auto& each : of.choices) {
      if (each == word)
        return "";
      all += (all.empty() ? "" : ", ") + each;
    }
    return "'" + word + "' is not one of " + all;
  }
  if (of.takes != kind::number)
    return "";
  auto value = parse_number<std::uint64_t>(word);
  if (value && *value >= of.low && *value <= of.high)
    return "";
  auto unbounded = of.high == std::numeric_limits<std::uint64_t>::max();
  return "'" + word + "' is not a whole number from " + std::to_string(of.low)
         + (unbounded ? "" : " to " + std::to_string(of.high));
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
    to.at->footer("At the end: " + from.help
                  + ".\n\nexample: " + to.what->example);
    return;
  }
  if (from.flag) {
    auto& flag = to.flags.emplace_back(&from, false);
    to.at->add_flag(from.name, flag.second, from.help);
    return;
  }
  auto& values = to.values.emplace_back(&from, std::vector<std::string>{});
  auto help = from.help;
  for (auto& each : from.choices)
    help += (&each == &from.choices.front() ? ": " : ", ") + each;
  auto* option = to.at->add_option(from.name, values.second, help);
  option->type_name(type_name(from.takes));
  option->expected(1, from.many ? CLI::detail::expected_max_vector_size : 1);
  option->allow_extra_args(from.many);
  option->required(from.required);
  option->check(CLI::Validator{
      [&from](std::string& word) { return check_value(from, word); }, ""});
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

/// Groups such as `policy` need one of their commands. `path` is where they
/// stand: "policy " for `policy candidate`.
void require_commands(CLI::App& of, const std::list<slot>& slots,
                      const std::string& path = {}) {
  for (auto* each : of.get_subcommands([](CLI::App*) { return true; })) {
    auto runs = std::any_of(slots.begin(), slots.end(),
                            [&](auto& slot) { return slot.at == each; });
    if (runs)
      continue;
    std::string words;
    for (auto* one : each->get_subcommands([](CLI::App*) { return true; }))
      words += (words.empty() ? "" : ", ") + one->get_name();
    each->require_subcommand(1);
    each->description(words);
    auto below = path + each->get_name() + " ";
    auto first = std::find_if(slots.begin(), slots.end(), [&](auto& slot) {
      return slot.what->words.starts_with(below);
    });
    each->footer("example: " + first->what->example);
    require_commands(*each, slots, below);
  }
}

void add_global(CLI::App& app, global_options& to) {
  for (const auto& each : all_global_options()) {
    const auto& what = each.what;
    if (what.key() == "version")
      app.set_version_flag(what.name, "acgs " + std::string{version},
                           what.help);
    if (!each.take)
      continue; // every command has help
    if (what.flag) {
      app.add_flag_callback(
          what.name, [&] { each.take(to, {}); }, what.help);
      continue;
    }
    auto* option = app.add_option_function<std::string>(
        what.name, [&](const std::string& word) { each.take(to, word); },
        what.help);
    option->type_name(std::string{each.type});
    // An empty one is refused: a script's unset variable names nothing.
    option->check(CLI::Validator{
        [&what](std::string& word) { return check_value(what, word); }, ""});
  }
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

/// The command, group or program that the words came to.
const CLI::App* reached(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty())
    at = at->get_subcommands().front();
  return at;
}

const slot* chosen(const CLI::App& app, const std::list<slot>& slots) {
  auto found = std::find_if(slots.begin(), slots.end(), [&](auto& each) {
    return each.at == reached(app);
  });
  return found == slots.end() ? nullptr : &*found;
}

/// A group was given none of its commands.
std::string without_command(const CLI::App& group,
                            const std::vector<std::string>& words) {
  auto name = "'" + group.get_name() + "'";
  auto list = group.get_description();
  if (words.empty())
    return name + " needs one of its commands: " + list;
  return name + " has no command '" + words.front() + "'; it has " + list;
}

/// CLI11 names words that nobody expected from the last to the first.
std::string what_was_wrong(const CLI::ParseError& why, const CLI::App& app) {
  auto words = app.remaining(true);
  auto* at = reached(app);
  auto is_left_out = at->get_require_subcommand_min() > 0
                     && dynamic_cast<const CLI::RequiredError*>(&why);
  auto is_option = !words.empty() && words.front().starts_with('-');
  if (is_left_out && !is_option)
    return without_command(*at, words);
  if (!is_left_out && !dynamic_cast<const CLI::ExtrasError*>(&why))
    return why.what();
  std::string out =
      words.size() == 1 ? "this was not expected:" : "these were not expected:";
  for (const auto& word : words)
    out += ' ' + word;
  return out;
}

/// What was wrong, what may have been meant, and where more stands.
caf::error explain(const CLI::ParseError& why, const CLI::App& app,
                   const std::vector<std::string>& words) {
  auto* at = reached(app);
  std::vector<std::string> names;
  for (auto* each : at->get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(each->get_name());
  auto out = what_was_wrong(why, app);
  for (auto& word : words)
    if (auto near = nearest_name(word, names); !near.empty() && near != word) {
      out += "; did you mean '" + near + "'?";
      break;
    }
  std::string command;
  for (; at->get_parent(); at = at->get_parent())
    command = " " + at->get_name() + command;
  return make_error(ec::invalid_argument,
                    out + "; acgs" + command + " --help shows what there is");
}

/// Where the command begins: behind the program's own options.
std::size_t begin_of_command(const std::vector<std::string>& words) {
  std::size_t at = 0;
  while (at < words.size() && words[at].starts_with('-')) {
    auto all = all_global_options();
    auto takes_next = std::any_of(all.begin(), all.end(), [&](auto& each) {
      return !each.what.flag && each.what.is_named(words[at]);
    });
    at += takes_next ? 2 : 1;
  }
  return at;
}

/// CLI11 would take the next word for the value.
std::string option_without_value(const std::vector<std::string>& words) {
  for (auto& word : words)
    if (word.starts_with("--") && word.find('=') == word.size() - 1)
      return word;
  return {};
}

} // namespace

parameter number_option(std::string name, std::string help, std::uint64_t low,
                        std::uint64_t high) {
  parameter out{std::move(name), std::move(help), kind::number};
  out.low = low;
  out.high = high;
  return out;
}

parameter reason_option(bool required) {
  return {"--reason", "why, for the record", kind::free, required};
}

parameter revision_option() {
  return number_option("--if-revision",
                       "only where control state is at this revision", 1);
}

bool parameter::is_named(const std::string& word) const {
  auto all = "," + name + ",";
  return is_option() && all.find("," + word + ",") != std::string::npos;
}

std::string parameter::key() const {
  auto last = name.substr(
      name.rfind(',') == std::string::npos ? 0 : name.rfind(',') + 1);
  return last.substr(std::min(last.find_first_not_of('-'), last.size()));
}

result<parsed> parse(std::vector<std::string> words,
                     const global_options& defaults) {
  if (auto bad = option_without_value(words); !bad.empty())
    return make_error(ec::invalid_argument, bad + ": the value is empty");
  if (auto at = begin_of_command(words);
      at < words.size() && words[at] == "help")
    words[at] = "--help"; // of the command that follows
  parsed out;
  out.global = defaults;
  CLI::App app{"Drives an ACGS node; without a command it opens a shell.",
               "acgs"};
  app.footer("exit codes: 0 done, 1 the answer is no, 2 bad input, "
             "3 not reachable, not ready or in use, 4 internal failure\n"
             "environment: ACGS_ADDR and ACGS_TOKEN stand for --addr and "
             "--token, ACGS_CONTEXTS names the file of contexts, else "
             "acgs/contexts.json in XDG_CONFIG_HOME or ~/.config\n"
             "example: acgs --addr unix:./data/acgsd.sock health");
  app.require_subcommand(0, 1);
  app.fallthrough();
  add_global(app, out.global);
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
  } catch (const CLI::CallForVersion& asked) {
    out.text = asked.what();
    return out;
  } catch (const CLI::ParseError& error) {
    return explain(error, app, words);
  }
  if (out.what && app.get_option("-f")->count() > 0)
    return make_error(ec::invalid_argument,
                      "-f runs the commands in a file; expected no other one");
  return out;
}

} // namespace acgs::shell
