// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/constitution_files.hpp"

#include "runtime/base/json_text.hpp"
#include "runtime/base/regular_file.hpp"
#include "runtime/snapshot/snapshot.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace acgs::node {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t policy_bytes_max = 1u << 20;
constexpr std::size_t files_max = 1000;
constexpr int depth_max = 16;

constexpr std::string_view ending = ".rego";
constexpr std::string_view test_ending = "_test.rego";
/// What other programs read as data from a folder of policies.
constexpr std::array<std::string_view, 3> data_names{"data.json", "data.yaml",
                                                     "data.yml"};

caf::error unfit(const fs::path& file, const std::string& what) {
  return make_error(ec::invalid_argument, file.string() + ": " + what);
}

/// A link to a folder could lead round in a circle, and one to nothing was
/// meant to lead to something.
caf::error check_link(const fs::directory_entry& entry) {
  std::error_code failed;
  auto leads_to = entry.status(failed);
  if (fs::is_regular_file(leads_to))
    return {};
  auto why = fs::is_directory(leads_to) ? std::string{"a folder"}
             : failed                   ? failed.message()
                                        : "no regular file";
  return unfit(entry.path(),
               "a link to '" + fs::read_symlink(entry.path()).string()
                   + "': " + why + "; expected one to a regular file");
}

/// A folder whose name begins with two dots, where a volume of Kubernetes keeps
/// the files that its links lead to ("..data", itself a link, and what it leads
/// to).
bool is_behind_links(const fs::directory_entry& entry) {
  return entry.path().filename().string().starts_with("..")
         && entry.is_directory();
}

/// Whether it is one of the folder's modules. Fails where it would be, or is
/// meant for another reader, and cannot be taken: a part of a constitution
/// must not be missing unseen.
result<bool> is_module(const fs::directory_entry& entry) {
  if (entry.is_symlink())
    if (auto wrong = check_link(entry))
      return wrong;
  auto name = entry.path().filename().string();
  bool has_ending = name.ends_with(ending);
  if (entry.is_directory()) {
    if (has_ending)
      return unfit(entry.path(), "a folder; expected a file under this name");
    return false;
  }
  if (std::find(data_names.begin(), data_names.end(), name) != data_names.end())
    return unfit(entry.path(),
                 "data is not read from here, only Rego (*.rego); expected no "
                 "such file: put data with 'acgs data put'");
  return has_ending && !name.ends_with(test_ending);
}

result<std::string> read_file(const fs::path& file) {
  auto text = read_regular_file(file, policy_bytes_max + 1);
  if (!text)
    return unfit(file, "cannot be read: " + sentence_of(text.error())
                           + "; expected a regular file");
  if (text->size() > policy_bytes_max)
    return make_error(ec::too_large, file.string() + " has over 1 MiB");
  return text;
}

result<module_texts> collect(const fs::path& folder) {
  module_texts out;
  fs::path reached = folder;
  std::error_code failed;
  for (auto at = fs::recursive_directory_iterator{folder};
       at != fs::recursive_directory_iterator{}; at.increment(failed)) {
    reached = at->path();
    if (at.depth() > depth_max)
      return make_error(ec::too_large,
                        at->path().string() + " is nested too deeply");
    if (is_behind_links(*at)) {
      at.disable_recursion_pending();
      continue;
    }
    auto wanted = is_module(*at);
    if (!wanted)
      return wanted.error();
    if (!*wanted)
      continue;
    auto text = read_file(at->path());
    if (!text)
      return text.error();
    out.emplace(at->path().lexically_relative(folder).generic_string(),
                std::move(*text));
    if (out.size() > files_max)
      return make_error(ec::too_large,
                        folder.string() + " holds over 1,000 policies");
  }
  if (failed) // it is at the end then, having left the rest
    return unfit(reached, "cannot be looked into: " + failed.message());
  if (out.empty())
    return make_error(ec::not_found, folder.string() + " holds no .rego file");
  return out;
}

} // namespace

result<module_texts> read_modules(const fs::path& folder) {
  try {
    if (!fs::is_directory(folder))
      return make_error(ec::not_found, "there is no folder " + folder.string());
    return collect(folder);
  } catch (const fs::filesystem_error& error) {
    return make_error(ec::store_io, error.what());
  }
}

result<module_texts> read_policies(const std::vector<fs::path>& folders) {
  module_texts out;
  std::map<std::string, fs::path> found_in;
  for (const auto& folder : folders) {
    auto modules = read_modules(folder);
    if (!modules)
      return modules.error();
    for (auto& [path, text] : *modules) {
      auto [first, is_new] = found_in.emplace(path, folder);
      if (!is_new)
        return make_error(ec::conflict,
                          (folder / path).string() + " and "
                              + (first->second / path).string()
                              + " would both be the policy '" + path
                              + "'; expected each path in one folder");
      out.emplace(path, std::move(text));
    }
  }
  return out;
}

digest digest_of(const module_texts& modules) {
  std::map<std::string, domain::policy_module> as_modules;
  for (const auto& [path, text] : modules)
    as_modules[path].text = std::make_shared<const std::string>(text);
  return digest_of_modules(as_modules);
}

std::string as_json(const std::map<std::string, std::string>& texts) {
  std::string out = "{";
  for (const auto& [name, text] : texts) {
    if (out.size() > 1)
      out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, text);
  }
  return out + '}';
}

} // namespace acgs::node
