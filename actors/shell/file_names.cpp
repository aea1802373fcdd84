// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/file_names.hpp"

#include <algorithm>
#include <filesystem>

namespace acgs::shell {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t names_max = 1000;

/// Whether the line's words would not come out as this.
bool needs_quotes(const std::string& name) {
  return std::any_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\''
           || c == '\\' || c == '\x7f';
  });
}

} // namespace

std::vector<std::string> files_beginning(std::string_view typed) {
  auto slash = typed.rfind('/');
  std::string folder{typed.substr(0, slash == typed.npos ? 0 : slash + 1)};
  auto begin = typed.substr(folder.size());
  std::vector<std::string> out;
  std::error_code failed;
  fs::directory_iterator at{folder.empty() ? "." : folder, failed};
  for (; !failed && at != fs::directory_iterator{} && out.size() < names_max;
       at.increment(failed)) {
    auto name = at->path().filename().string();
    if (!name.starts_with(begin) || needs_quotes(name)
        || (name.starts_with('.') && !begin.starts_with('.')))
      continue;
    std::error_code unknown; // then it is no folder
    out.push_back(folder + name + (at->is_directory(unknown) ? "/" : ""));
  }
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace acgs::shell
