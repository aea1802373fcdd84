// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/config/load.hpp"

#include "runtime/base/nearest.hpp"
#include "runtime/base/regular_file.hpp"
#include "runtime/config/key.hpp"
#include "runtime/config/problems.hpp"
#include "runtime/config/yaml_reader.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <unistd.h>
#include <utility>
#include <vector>

namespace acgs::config {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4>
    customary_names{{
        {"LOG_LEVEL", "logging.level"},
        {"LOG_FILE", "logging.file"},
        {"LOG_MAX_BYTES", "logging.max_bytes"},
        {"LOG_BACKUP_COUNT", "logging.backup_count"},
    }};

/// ACGS_ variables that mean something else than a key: to `acgs`, to the
/// scripts, to the tests. Any other is a mistake.
constexpr std::array<std::string_view, 7> other_names{
    "ACGS_ADDR",  "ACGS_TOKEN",  "ACGS_CONTEXTS", "ACGS_BUILD_DIR",
    "ACGS_BUILD", "ACGS_SOURCE", "ACGS_SHARED"};
/// Read by what the tests preload to make calls of the system fail.
constexpr std::string_view faults_prefix = "ACGS_FAULT_";

/// A value as it was written, as far as a line has room for it.
std::string shown(const raw_value& raw) {
  std::string out;
  auto add = [&](const std::string& item) {
    out += (out.empty() ? "" : ", ") + item;
  };
  auto cut = [&] { return out.size() > 64 ? out.substr(0, 64) + "..." : out; };
  if (auto list = std::get_if<std::vector<std::string>>(&raw)) {
    std::for_each(list->begin(), list->end(), add);
    return "the list [" + cut() + "]";
  }
  if (auto map = std::get_if<std::map<std::string, std::string>>(&raw)) {
    for (auto& [name, value] : *map)
      add(name + ": " + value);
    return "the map {" + cut() + "}";
  }
  out = std::get<std::string>(raw);
  return "'" + cut() + "'";
}

std::set<std::string> sections() {
  std::set<std::string> out;
  for (auto& one : all_keys())
    out.insert(one.name.substr(0, one.name.find('.')));
  return out;
}

/// What else the name may have meant.
std::string unknown(std::string_view name) {
  if (name == "keys.passphrase")
    return "a secret stands neither in the environment nor in the "
           "configuration, where others may read it; expected it in a file "
           "that keys.passphrase_file or keys.key_file names, or in systemd's "
           "credential acgs-keys-passphrase";
  std::vector<std::string> names;
  std::string section{name.substr(0, name.find('.'))};
  std::string of_section;
  for (auto& one : all_keys()) {
    names.push_back(one.name);
    if (one.name.starts_with(section + "."))
      of_section += (of_section.empty() ? "" : ", ")
                    + one.name.substr(section.size() + 1);
  }
  std::string out = "unknown key";
  if (auto near = nearest_name(name, names); !near.empty())
    return out + "; did you mean '" + near + "'?";
  if (!of_section.empty())
    return out + "; section '" + section + "' has " + of_section;
  std::string known;
  for (auto& one : sections())
    known += (known.empty() ? "" : ", ") + one;
  return out + "; the sections are " + known;
}

/// What to write where a text was to be a map, as in the environment.
std::string form(const key& declared, const raw_value& raw) {
  auto is_text = std::holds_alternative<std::string>(raw);
  return is_text && !declared.one_line.empty()
             ? "; in one line, such as " + declared.one_line
             : std::string{};
}

void assign(settings& into, const std::string& where, const std::string& name,
            const raw_value& raw, problems& found) {
  auto declared = find_key(name);
  if (!declared)
    found.add(where + name + ": " + unknown(name));
  else if (!declared->assign(into, raw))
    found.add(where + name + ": " + shown(raw) + " is not accepted; expected "
              + declared->expected() + form(*declared, raw));
}

/// "ACGS_HTTP_LISTN" -> "http.listn"; empty where no key is meant.
std::string key_of(std::string_view variable) {
  auto other = std::find(other_names.begin(), other_names.end(), variable);
  if (!variable.starts_with("ACGS_") || other != other_names.end()
      || variable.starts_with(faults_prefix))
    return {};
  std::string name;
  for (char c : variable.substr(5))
    name += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  if (auto section_end = name.find('_'); section_end != std::string::npos)
    name[section_end] = '.';
  return name;
}

void apply_environment(settings& into, const environment& variables,
                       problems& found) {
  for (auto& [variable, name] : customary_names)
    if (auto it = variables.find(std::string{variable}); it != variables.end())
      assign(into, std::string{variable} + ": ", std::string{name}, it->second,
             found);
  for (auto& [variable, value] : variables)
    if (auto name = key_of(variable); !name.empty())
      assign(into, variable + ": ", name, value, found);
}

/// Puts the data folder in place of "$data_dir".
void expand(settings& values) {
  auto replace = [&](path& one) {
    constexpr std::string_view mark = "$data_dir";
    auto text = one.string();
    if (text.starts_with(mark)
        && (text.size() == mark.size() || text[mark.size()] == '/'))
      one = values.node.data_dir.string() + text.substr(mark.size());
  };
  for (auto one : {&values.process.pid_dir, &values.http.tls_certificate,
                   &values.http.tls_key, &values.http.tls_client_authority,
                   &values.rpc.socket, &values.constitution.directory,
                   &values.keys.dir, &values.keys.passphrase_file,
                   &values.keys.key_file, &values.logging.file})
    replace(*one);
  for (auto& one : values.policy.directories)
    replace(one);
}

settings preset() {
  settings values;
  for (auto& one : all_keys())
    one.assign(values, one.default_text);
  return values;
}

} // namespace

environment process_environment() {
  environment out;
  for (auto entry = ::environ; entry && *entry; ++entry) {
    std::string_view text{*entry};
    auto equals = text.find('=');
    if (equals != std::string_view::npos)
      out.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

settings defaults() {
  auto values = preset();
  expand(values);
  return values;
}

result<settings> load_text(std::string_view yaml, const std::string& source,
                           const environment& variables) {
  auto entries = read_yaml(yaml, source);
  if (!entries)
    return std::move(entries.error());
  problems found;
  auto values = preset();
  auto known = sections();
  for (auto& one : *entries) {
    auto where = source + ":" + std::to_string(one.line) + ": ";
    if (!known.contains(one.name))
      assign(values, where, one.name, one.value, found);
    else if (one.is_value) // one that holds no keys changes nothing
      found.add(where + "'" + one.name + "' is a section and cannot be "
                + shown(one.value) + "; expected lines such as 'name: value'");
  }
  apply_environment(values, variables, found);
  expand(values);
  check_together(values, found);
  if (!found.empty())
    return found.to_error();
  return values;
}

result<settings> load(const std::filesystem::path& file,
                      const environment& variables) {
  // One byte beyond the bound is enough to be refused.
  auto text = read_regular_file(file, yaml_bytes_max + 1);
  if (!text)
    return make_error(ec::invalid_argument,
                      file.string()
                          + ": cannot be read: " + sentence_of(text.error())
                          + "; expected the configuration, a YAML file");
  return load_text(*text, file.string(), variables);
}

result<std::string> print(const settings& values, std::string_view name) {
  auto copy = values;
  if (!name.empty()) {
    auto declared = find_key(name);
    if (!declared)
      return make_error(ec::not_found,
                        std::string{name.substr(0, 64)} + ": " + unknown(name));
    return declared->print(copy) + "\n";
  }
  std::string out;
  for (auto& one : all_keys())
    out += one.name + "=" + one.print(copy) + "\n";
  return out;
}

} // namespace acgs::config
