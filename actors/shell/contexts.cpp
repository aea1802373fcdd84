// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Named contexts: {"current": name, "contexts": {name: {"addr", "cert", "key",
// "ca", "token"}}} in a file of mode 0600.

#include "actors/shell/contexts.hpp"

#include "actors/shell/environment.hpp"
#include "actors/shell/output_file.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/json_text.hpp"

#include <cstdlib>

namespace acgs::shell {

namespace {

std::string member(const json::value& of, const char* name) {
  auto* found = of.find(name);
  auto* text = found ? found->if_string() : nullptr;
  return text ? *text : std::string{};
}

std::string to_text(const contexts& from) {
  std::string all;
  for (auto& [name, each] : from.known) {
    row fields{{"addr", text(each.address)},
               {"cert", text(each.certificate)},
               {"key", text(each.key)},
               {"ca", text(each.authority)},
               {"token", text(each.token)}};
    all += (all.empty() ? "" : ",") + text(name).json + ":" + to_json(fields);
  }
  return to_json({{"current", text(from.current)},
                  {"contexts", json("{" + all + "}")}})
         + "\n";
}

} // namespace

std::filesystem::path contexts_file() {
  if (auto* given = std::getenv("ACGS_CONTEXTS"))
    return given;
  if (auto* folder = std::getenv("XDG_CONFIG_HOME"))
    return std::filesystem::path{folder} / "acgs" / "contexts.json";
  auto* home = std::getenv("HOME");
  return std::filesystem::path{home ? home : "."} / ".config" / "acgs"
         / "contexts.json";
}

result<contexts> load_contexts(const std::filesystem::path& file) {
  contexts out;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return out;
  auto content = read_file(file.string());
  if (!content)
    return std::move(content.error());
  auto parsed = json::parse(*content);
  auto* all = parsed ? parsed->find("contexts") : nullptr;
  auto* members = all ? all->if_object() : nullptr;
  if (!members)
    return make_error(ec::invalid_argument,
                      "'" + file.string() + "' is no file of contexts");
  out.current = member(*parsed, "current");
  for (auto& [name, each] : *members) {
    auto& one = out.known[name];
    one.address = member(each, "addr");
    one.certificate = member(each, "cert");
    one.key = member(each, "key");
    one.authority = member(each, "ca");
    one.token = member(each, "token");
  }
  return out;
}

caf::error save_contexts(const std::filesystem::path& file,
                         const contexts& what) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  // What is wrong with the folder shows when the file is opened.
  return write_output(file, to_text(what), 0600, {}); // tokens are in it
}

caf::error apply_context(const std::filesystem::path& file,
                         global_options& to) {
  if (to.addr_given && to.context.empty())
    return {};
  auto all = load_contexts(file);
  if (!all)
    return std::move(all.error());
  auto name = to.context.empty() ? all->current : to.context;
  if (name.empty())
    return {};
  auto found = all->known.find(name);
  if (found == all->known.end())
    return make_error(ec::not_found, "there is no context '" + name + "'",
                      "context");
  auto& from = found->second;
  auto fill = [](std::string& option, const std::string& value) {
    if (option.empty())
      option = value;
  };
  if (!to.addr_given && !from.address.empty())
    to.connect.address = from.address;
  fill(to.connect.certificate, from.certificate);
  fill(to.connect.key, from.key);
  fill(to.connect.authority, from.authority);
  fill(to.connect.token, from.token);
  return {};
}

} // namespace acgs::shell
