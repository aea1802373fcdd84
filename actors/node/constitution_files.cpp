// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/constitution_files.hpp"

#include "runtime/base/json_text.hpp"
#include "runtime/snapshot/snapshot.hpp"

#include <fstream>
#include <sstream>

namespace acgs::node {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t policy_bytes_max = 1u << 20;
constexpr std::size_t files_max = 1000;
constexpr int depth_max = 16;

bool is_module(const fs::directory_entry& entry) {
  return entry.is_regular_file() && !entry.is_symlink()
         && entry.path().extension() == ".rego"
         && !entry.path().stem().string().ends_with("_test");
}

result<std::string> read_file(const fs::path& file) {
  if (fs::file_size(file) > policy_bytes_max)
    return make_error(ec::too_large, file.string() + " has over 1 MiB");
  std::ifstream in{file, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  if (!in)
    return make_error(ec::store_io, "cannot read " + file.string());
  return std::move(text).str();
}

result<module_texts> collect(const fs::path& folder) {
  module_texts out;
  for (auto at = fs::recursive_directory_iterator{folder};
       at != fs::recursive_directory_iterator{}; ++at) {
    if (at.depth() > depth_max)
      return make_error(ec::too_large,
                        at->path().string() + " is nested too deeply");
    if (!is_module(*at))
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
