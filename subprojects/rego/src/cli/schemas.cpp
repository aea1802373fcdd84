// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/schemas.hpp"

#include <algorithm>
#include <filesystem>

#include "cli/yaml_json.hpp"
#include "rego/json.hpp"

namespace rego::cli {

namespace fs = std::filesystem;

namespace {

// As in OPA what is no JSON may be YAML, whatever the file is called.
result<std::string> read_schema(const std::string& file) {
  auto text = read_file(file);
  if (!text)
    return text;
  text = without_mark(std::move(*text));
  arena memory;
  if (parse_json(memory, *text))
    return text;
  auto json = yaml_to_json(file, *text);
  if (!json)
    return json;
  auto v = parse_json(memory, *json);
  return v ? json : error{"load_error", v.error_list()[0].message, file, 0, 0};
}

// The way from a folder to a file, as a name: "a/b.json" is {"a", "b"}.
std::vector<std::string> name_of(const fs::path& file, const fs::path& folder) {
  std::vector<std::string> out;
  auto relative = file.lexically_relative(folder).replace_extension();
  for (auto& part : relative)
    out.push_back(part.string());
  return out;
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> out;
  for (auto& each : fs::recursive_directory_iterator(folder))
    if (each.is_symlink() || !each.is_directory())
      out.push_back(each.path());
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace

errors add_schemas(const std::string& path, compile_options& to) {
  to.schema_annotations = true;
  if (path.empty())
    return {};
  if (!fs::exists(path))
    return {{"load_error", "no such file or folder", path, 0, 0}};
  errors out;
  auto& list = to.schemas.emplace();
  auto add = [&](const fs::path& file, std::vector<std::string> name) {
    auto text = read_schema(file.string());
    if (text)
      list.push_back({std::move(name), std::move(*text)});
    else
      out.push_back(text.error_list()[0]);
  };
  if (!fs::is_directory(path))
    add(path, {});
  else
    for (auto& file : files_in(path))
      add(file, name_of(file, path));
  return out;
}

errors add_schemas(const parsed_options& o, compile_options& to) {
  return add_schemas(o.last("-s", o.last("--schema")), to);
}

} // namespace rego::cli
