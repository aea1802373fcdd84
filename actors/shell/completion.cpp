// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/completion.hpp"

#include "actors/shell/environment.hpp"
#include "actors/shell/file_names.hpp"
#include "actors/shell/global_options.hpp"
#include "runtime/base/json.hpp"
#include "runtime/crypto/key_history.hpp"

#include <algorithm>
#include <set>

namespace acgs::shell {

namespace {

using names_of = std::function<std::vector<std::string>(kind)>;

std::string first_words(const std::vector<std::string>& words,
                        std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += (i ? " " : "") + words[i];
  return out;
}

/// The command that the words begin with, and how many words it takes.
std::pair<const command*, std::size_t>
command_in(const std::vector<std::string>& words) {
  for (auto count = std::min<std::size_t>(words.size(), 3); count > 0; --count)
    for (auto& each : all_commands())
      if (each.words == first_words(words, count))
        return {&each, count};
  return {nullptr, 0};
}

/// The next words of commands that begin with these.
void add_commands(const std::vector<std::string>& words,
                  std::set<std::string>& to) {
  auto before = first_words(words, words.size());
  for (auto& each : all_commands()) {
    auto rest = std::string_view{each.words};
    if (!before.empty()) {
      if (!rest.starts_with(before + " "))
        continue;
      rest.remove_prefix(before.size() + 1);
    }
    to.emplace(rest.substr(0, rest.find(' ')));
  }
}

void add_values(const parameter& of, const names_of& names,
                std::string_view typed, std::set<std::string>& to) {
  if (of.takes == kind::file)
    for (auto& each : files_beginning(typed))
      to.insert(each);
  to.insert(of.choices.begin(), of.choices.end());
  auto live = of.takes >= kind::policy && of.takes <= kind::context;
  if (live && names)
    for (auto& each : names(of.takes))
      to.insert(each);
}

/// The values and options that may come after the words of a command.
void add_parameters(const command& of, const std::vector<std::string>& given,
                    const names_of& names, std::string_view typed,
                    std::set<std::string>& to) {
  auto all = of.parameters;
  for (const auto& each : all_global_options())
    if (each.within_shell)
      all.push_back(each.what);
  auto option_before = [&](std::size_t i) -> const parameter* {
    auto found = std::find_if(all.begin(), all.end(), [&](auto& each) {
      return i > 0 && !each.flag && each.is_named(given[i - 1]);
    });
    return found == all.end() ? nullptr : &*found;
  };
  if (auto* option = option_before(given.size()))
    return add_values(*option, names, typed, to);
  std::size_t filled = 0;
  for (std::size_t i = 0; i < given.size(); ++i)
    filled += !given[i].starts_with('-') && !option_before(i);
  const parameter* next = nullptr; // the last one may take several
  for (auto& each : all)
    if (each.is_option())
      to.insert(each.name.substr(each.name.rfind(',') + 1));
    else if (filled-- == 0 || (each.many && !next))
      next = &each;
  if (next)
    add_values(*next, names, typed, to);
}

} // namespace

completions complete(std::string_view line, const names_of& names) {
  completions out;
  auto blank = line.find_last_of(" \t");
  out.begin = blank == std::string_view::npos ? 0 : blank + 1;
  auto typed = line.substr(out.begin);
  auto split = split_words(line.substr(0, out.begin));
  if (!split)
    return out; // within quotes
  std::set<std::string> found;
  if (split->empty())
    found = {"exit", "help", "quit"};
  else if (split->front() == "help")
    split->erase(split->begin());
  auto [command, count] = command_in(*split);
  add_commands(*split, found);
  if (command) {
    std::vector<std::string> given(
        split->begin() + static_cast<std::ptrdiff_t>(count), split->end());
    auto words = !command->parameters.empty()
                 && command->parameters.back().takes == kind::words;
    if (words) { // a command within a command
      auto inner = complete(
          line.substr(line.find(command->words) + command->words.size() + 1),
          names);
      found.insert(inner.words.begin(), inner.words.end());
    } else {
      add_parameters(*command, given, names, typed, found);
    }
  }
  for (auto& each : found)
    if (each.starts_with(typed))
      out.words.push_back(each);
  return out;
}

std::string common_beginning(const std::vector<std::string>& of) {
  if (of.empty())
    return {};
  auto out = of.front();
  for (auto& each : of) {
    auto same = std::mismatch(out.begin(), out.end(), each.begin(), each.end());
    out.erase(same.first, out.end());
  }
  return out;
}

namespace {

/// "acgs/main" of a policy that says "package acgs.main".
std::string package_path(const std::string& rego) {
  auto at = rego.starts_with("package ") ? 0 : rego.find("\npackage ");
  if (at == std::string::npos)
    return {};
  at = rego.find("package ", at) + 8;
  auto name = rego.substr(at, rego.find_first_of(" \t\r\n;", at) - at);
  std::replace(name.begin(), name.end(), '.', '/');
  return name;
}

/// Paths of data down to the second level.
void add_paths(const json::value& of, const std::string& above,
               std::vector<std::string>& to) {
  auto* members = of.if_object();
  if (!members)
    return;
  for (auto& [name, each] : *members) {
    to.push_back(above + name);
    if (above.empty())
      add_paths(each, name + "/", to);
  }
}

template <class List>
std::vector<std::string> names_in(const List& list) {
  std::vector<std::string> out;
  if (list)
    for (auto& each : *list)
      out.push_back(each.name);
  return out;
}

template <class List>
std::vector<std::string> ids_in(const List& list) {
  std::vector<std::string> out;
  if (list)
    for (auto& each : *list)
      out.push_back(each.id);
  return out;
}

std::vector<std::string>
record_names(const result<std::vector<client::key>>& list) {
  std::vector<std::string> out;
  if (list)
    for (auto& each : *list)
      if (auto key = merkle::parse_verifier_key(each.verifier_key))
        out.push_back(crypto::key_record_name(*key));
  return out;
}

std::vector<std::string> paths(client::connection& node) {
  std::vector<std::string> out{"acgs/main/allow", "acgs/main/decision"};
  auto ids = ids_in(node.policy().list());
  ids.resize(std::min<std::size_t>(ids.size(), 50));
  for (auto& id : ids)
    if (auto policy = node.policy().get(id))
      out.push_back(package_path(policy->text));
  return out;
}

} // namespace

std::vector<std::string> live_names(kind of, client::connection& node) {
  switch (of) {
  case kind::policy:
    return ids_in(node.policy().list());
  case kind::path:
    return paths(node);
  case kind::bundle: {
    auto out = names_in(node.bundles().list());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }
  case kind::data: {
    std::vector<std::string> out;
    auto document = node.policy().get_data("");
    auto parsed = document ? json::parse(document->json)
                           : result<json::value>{document.error()};
    if (parsed)
      add_paths(*parsed, {}, out);
    return out;
  }
  case kind::actor:
    return names_in(node.admin().actors());
  case kind::breaker:
    return names_in(node.admin().breakers());
  case kind::user:
    return names_in(node.identities().users());
  case kind::token:
    return ids_in(node.identities().tokens());
  case kind::key:
    return record_names(node.keys());
  default:
    return {};
  }
}

} // namespace acgs::shell
