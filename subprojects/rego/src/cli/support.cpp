// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Options, files and errors of the command line.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <yaml-cpp/yaml.h>

#include "cli/cli.hpp"
#include "cli/yaml_json.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace fs = std::filesystem;

bool parsed_options::has(std::string_view name) const {
  return std::any_of(options.begin(), options.end(),
                     [&](auto& o) { return o.first == name; });
}

std::string parsed_options::last(std::string_view name,
                                 std::string otherwise) const {
  for (auto& o : options)
    if (o.first == name)
      otherwise = o.second;
  return otherwise;
}

std::vector<std::string> parsed_options::all(std::string_view name) const {
  std::vector<std::string> out;
  for (auto& o : options)
    if (o.first == name)
      out.push_back(o.second);
  return out;
}

parsed_options parse(const arguments& args,
                     const std::vector<std::string>& valued,
                     const std::vector<std::string>& flags) {
  parsed_options out;
  auto in = [](auto& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  bool only_rest = false;
  for (size_t i = 0; i < args.size(); ++i) {
    auto& a = args[i];
    if (only_rest || a.size() < 2 || a[0] != '-') {
      out.rest.push_back(a);
      continue;
    }
    if (a == "--") {
      only_rest = true;
      continue;
    }
    auto eq = a.find('=');
    auto name = a.substr(0, eq);
    if (in(flags, name)) {
      out.options.emplace_back(name, eq == a.npos ? "" : a.substr(eq + 1));
    } else if (!in(valued, name)) {
      throw usage_error{"unknown option " + name};
    } else if (eq != a.npos) {
      out.options.emplace_back(name, a.substr(eq + 1));
    } else if (++i < args.size()) {
      out.options.emplace_back(name, args[i]);
    } else {
      throw usage_error{"option " + name + " needs a value"};
    }
  }
  return out;
}

result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string out;
  std::error_code unknown;
  // One allocation where the size is known, as it is of a large file.
  if (auto size = fs::file_size(path, unknown); !unknown)
    out.reserve(size);
  char part[64 * 1024];
  while (in.read(part, sizeof part) || in.gcount() > 0)
    out.append(part, static_cast<size_t>(in.gcount()));
  if (!in.eof())
    return error{"load_error", "cannot read the file", path, 0, 0};
  return out;
}

namespace {

class loader {
public:
  loader()
      : owner_(std::make_unique<arena>()), memory_(*owner_),
        root_(object_builder(memory_).finish()) {}

  void add(const fs::path& p, const fs::path& base, bool named) {
    auto ext = p.extension().string();
    auto name = p.filename().string();
    bool data =
        name == "data.json" || name == "data.yaml" || name == "data.yml";
    bool json = ext == ".json", yaml = ext == ".yaml" || ext == ".yml";
    if (ext == ".rego")
      return add_module(p);
    if ((named && (json || yaml)) || data)
      add_data(p, base, yaml);
  }

  void add_module(const fs::path& p) {
    auto text = read_file(p.string());
    if (text)
      out_.modules.push_back({p.string(), *text});
    else
      errors_.push_back(text.error_list()[0]);
  }

  void add_data(const fs::path& p, const fs::path& base, bool yaml) {
    auto text = read_file(p.string());
    if (!text) {
      errors_.push_back(text.error_list()[0]);
      return;
    }
    auto json = std::move(*text);
    try {
      if (yaml)
        json = yaml_to_json(YAML::Load(json));
    } catch (const YAML::Exception& e) {
      errors_.push_back({"load_error", e.what(), p.string(), 0, 0});
      return;
    }
    auto v = parse_json(memory_, json);
    json.clear();
    if (v && !v->is_object() && parts(p, base).empty()) {
      errors_.push_back(
          {"load_error", "data must be an object", p.string(), 0, 0});
      return;
    }
    if (!v) {
      errors_.push_back(
          {"load_error", v.error_list()[0].message, p.string(), 0, 0});
      return;
    }
    auto wrapped = *v;
    auto path = parts(p, base);
    for (auto k = path.rbegin(); k != path.rend(); ++k) {
      object_builder o(memory_);
      o.add(*k, wrapped);
      wrapped = o.finish();
    }
    root_ = root_.size() ? merge(root_, wrapped) : wrapped;
  }

  // The folders between the one named and the file.
  static std::vector<std::string> parts(const fs::path& p,
                                        const fs::path& base) {
    std::vector<std::string> out;
    if (base.empty())
      return out;
    auto under = fs::relative(p.parent_path(), base);
    if (under != ".")
      for (auto& part : under)
        out.push_back(part.string());
    return out;
  }

  value merge(const value& a, const value& b) {
    if (!a.is_object() || !b.is_object())
      return b;
    object_builder o(memory_);
    for (size_t i = 0; i < a.size(); ++i)
      o.add(a.keys()[i], a.values()[i]);
    for (size_t i = 0; i < b.size(); ++i)
      o.add(b.keys()[i], merge(lookup(a, b.keys()[i]), b.values()[i]));
    return o.finish();
  }

  result<loaded> finish() {
    if (!errors_.empty())
      return errors_;
    out_.data = std::make_shared<snapshot>(std::move(owner_), root_);
    return std::move(out_);
  }

  void missing(const std::string& p) {
    errors_.push_back({"load_error", "no such file or folder", p, 0, 0});
  }

private:
  std::unique_ptr<arena> owner_;
  arena& memory_;
  value root_;
  loaded out_;
  rego::errors errors_;
};

} // namespace

result<loaded> load(const std::vector<std::string>& paths) {
  loader l;
  for (auto& name : paths) {
    fs::path p(name);
    if (fs::is_regular_file(p)) {
      l.add(p, {}, true);
    } else if (fs::is_directory(p)) {
      std::vector<fs::path> files;
      for (auto& e : fs::recursive_directory_iterator(p))
        if (e.is_regular_file())
          files.push_back(e.path().lexically_normal());
      std::sort(files.begin(), files.end());
      for (auto& f : files)
        l.add(f, p, false);
    } else {
      l.missing(name);
    }
  }
  return l.finish();
}

std::string errors_json(const rego::errors& list) {
  arena a;
  array_builder out(a);
  for (auto& e : list) {
    object_builder at(a), o(a);
    at.add("file", make_string(a, e.file));
    at.add("row", value::integer(e.row));
    at.add("col", value::integer(e.col));
    o.add("code", make_string(a, e.code));
    o.add("message", make_string(a, e.message));
    o.add("location", at.finish());
    out.push(o.finish());
  }
  object_builder root(a);
  root.add("errors", out.array());
  return to_json(root.finish(), {.indent = 2});
}

void print_errors(const rego::errors& list) {
  for (auto& e : list)
    std::fprintf(stderr, "%s\n", to_string(e).c_str());
}

} // namespace rego::cli
