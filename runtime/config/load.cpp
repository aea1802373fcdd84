// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/config/load.hpp"

#include "runtime/base/nearest.hpp"
#include "runtime/config/key.hpp"
#include "runtime/config/problems.hpp"
#include "runtime/config/yaml_reader.hpp"

#include <algorithm>
#include <array>
#include <fstream>
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

std::string shown(const raw_value& raw) {
  auto text = std::get_if<std::string>(&raw);
  if (!text)
    return std::holds_alternative<std::vector<std::string>>(raw) ? "this list"
                                                                 : "this map";
  return "'" + text->substr(0, 64) + (text->size() > 64 ? "..." : "") + "'";
}

std::string unknown(std::string_view name) {
  std::vector<std::string> names;
  std::string section{name.substr(0, name.find('.'))};
  std::set<std::string> sections;
  for (auto& one : all_keys()) {
    names.push_back(one.name);
    sections.insert(one.name.substr(0, one.name.find('.')));
  }
  std::string out = "unknown key";
  if (auto near = nearest_name(name, names); !near.empty())
    return out + "; did you mean '" + near + "'?";
  std::string known;
  bool in_section = sections.contains(section);
  if (in_section) {
    for (auto& one : names)
      if (one.starts_with(section + "."))
        known += (known.empty() ? "" : ", ") + one.substr(section.size() + 1);
    return out + "; section '" + section + "' has " + known;
  }
  for (auto& one : sections)
    known += (known.empty() ? "" : ", ") + one;
  return out + "; the sections are " + known;
}

void assign(settings& into, const std::string& where, const std::string& name,
            const raw_value& raw, problems& found) {
  auto declared = find_key(name);
  if (!declared)
    found.add(where + name + ": " + unknown(name));
  else if (!declared->assign(into, raw))
    found.add(where + name + ": " + shown(raw) + " is not accepted; expected "
              + declared->expected());
}

/// "ACGS_HTTP_LISTN" -> "http.listn"; empty where no section is meant.
std::string key_of(std::string_view variable) {
  if (!variable.starts_with("ACGS_"))
    return {};
  std::string name;
  for (char c : variable.substr(5))
    name += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  auto section_end = name.find('_');
  if (section_end == std::string::npos)
    return {};
  name[section_end] = '.';
  auto keys = all_keys();
  auto section = name.substr(0, section_end + 1);
  bool known = std::any_of(keys.begin(), keys.end(), [&](const key& one) {
    return one.name.starts_with(section);
  });
  return known ? name : std::string{};
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
                   &values.keys.dir, &values.logging.file})
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
  for (auto& one : *entries)
    assign(values, source + ":" + std::to_string(one.line) + ": ", one.name,
           one.value, found);
  apply_environment(values, variables, found);
  expand(values);
  check_together(values, found);
  if (!found.empty())
    return found.to_error();
  return values;
}

result<settings> load(const std::filesystem::path& file,
                      const environment& variables) {
  std::ifstream in{file, std::ios::binary};
  std::error_code problem;
  if (!in || !std::filesystem::is_regular_file(file, problem))
    return make_error(ec::invalid_argument,
                      file.string()
                          + ": cannot be read; expected the "
                            "configuration, a YAML file");
  // One byte beyond the bound is enough to be refused.
  std::string text(yaml_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return load_text(text, file.string(), variables);
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
