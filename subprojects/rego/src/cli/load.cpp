// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Policies and data from files and folders.

#include <algorithm>
#include <filesystem>
#include <fnmatch.h>

#include "cli/bundle_files.hpp"
#include "cli/yaml_json.hpp"
#include "parser/parse.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace fs = std::filesystem;

namespace {

bool is_yaml(const std::string& extension) {
  return extension == ".yaml" || extension == ".yml";
}

// data.json, data.yaml: what a bundle's folders may have.
bool is_data(const fs::path& p) {
  auto ext = p.extension().string();
  return p.stem() == "data" && (ext == ".json" || is_yaml(ext));
}

class loader {
public:
  explicit loader(const load_options& o)
      : options_(o), owner_(std::make_unique<arena>()), memory_(*owner_),
        root_(object_builder(memory_).finish()) {}

  void add_path(const std::string& name, bool bundle) {
    auto [path, prefix] = split_data_prefix(name);
    if (bundle && prefix.empty() && is_bundle(path))
      add_bundle(path);
    else if (fs::is_directory(path))
      add_folder(path, prefix, bundle);
    else if (fs::exists(path)) // a pipe as well
      add(path, prefix, true);
    else
      errors_.push_back({"load_error", "no such file or folder", name, 0, 0});
  }

  result<loaded> finish() {
    if (out_.code && !out_.modules.empty())
      errors_.push_back({"load_error",
                         "policies in Rego are not taken beside bytecode, "
                         "whose rules are compiled already; expected either",
                         out_.modules[0].name, 0, 0});
    if (!errors_.empty())
      return errors_;
    out_.data = std::make_shared<snapshot>(std::move(owner_), root_);
    return std::move(out_);
  }

private:
  using names = std::vector<std::string>;

  bool ignored(const fs::path& p) const {
    auto name = p.filename().string();
    return std::any_of(
        options_.ignored.begin(), options_.ignored.end(), [&](auto& pattern) {
          return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
        });
  }

  void add_folder(const fs::path& base, const names& prefix, bool bundle) {
    std::vector<fs::path> files;
    fs::recursive_directory_iterator end,
        each(base, fs::directory_options::follow_directory_symlink);
    for (; each != end; ++each) {
      bool skip = ignored(each->path());
      if (skip && each->is_directory())
        each.disable_recursion_pending();
      if (!skip && each->is_regular_file())
        files.push_back(each->path().lexically_normal());
    }
    std::sort(files.begin(), files.end());
    for (auto& f : files) {
      auto path = prefix;
      auto under = f.parent_path().lexically_relative(base.lexically_normal());
      if (under != ".")
        for (auto& part : under)
          path.push_back(part.string());
      if (!bundle || f.extension() == ".rego" || is_data(f))
        add(f, path, false);
    }
  }

  void add_bundle(const std::string& path) {
    auto files = bundle_files(path, options_.ignored);
    auto read = files ? bundle::read(*files, {options_.v0_compatible})
                      : result<bundle::content>(files.error_list());
    if (read && read->is_delta)
      read = error{"load_error", "a delta bundle says nothing by itself", path,
                   0, 0};
    if (!read) {
      errors_.insert(errors_.end(), read.error_list().begin(),
                     read.error_list().end());
      return;
    }
    for (auto& root : read->about.roots)
      for (auto& taken : roots_)
        if (bundle::overlap(root, taken))
          errors_.push_back({"load_error",
                             "root '" + root + "' overlaps root '" + taken
                                 + "' of another bundle",
                             path, 0, 0});
    roots_.insert(roots_.end(), read->about.roots.begin(),
                  read->about.roots.end());
    for (auto& m : read->modules)
      out_.modules.push_back(
          {(fs::path(path) / m.path).string(), m.text, m.v0});
    auto data = deep_copy(memory_, read->data->root());
    if (can_merge(root_, data))
      root_ = merge(root_, data);
    else
      errors_.push_back({"load_error",
                         "merge error: other files have a value at the same "
                         "path",
                         path, 0, 0});
  }

  void add(const fs::path& p, const names& path, bool named) {
    auto ext = p.extension().string();
    bool module = ext == ".rego", data = ext == ".json" || is_yaml(ext);
    if ((!module && !data && !named) || (!module && options_.modules_only))
      return;
    if (ext == ".rgc" && named && options_.bytecode)
      return add_bytecode(p.string());
    auto text = read_file(p.string());
    if (!text)
      return errors_.push_back(text.error_list()[0]);
    bool unknown = !module && !data;
    if (unknown)
      module =
          parse_module("", *text, {!options_.v0_compatible}).operator bool();
    if (module)
      return out_.modules.push_back({p.string(), *text});
    auto document = read_document(p, std::move(*text), unknown || is_yaml(ext));
    std::string problem;
    if (document)
      problem = add_data(path, *document);
    else
      problem = unknown ? "unrecognized file; expected Rego, JSON or YAML"
                        : document.error_list()[0].message;
    if (!problem.empty())
      errors_.push_back({"load_error", problem, p.string(), 0, 0});
  }

  void add_bytecode(const std::string& name) {
    auto bytes = read_file(name);
    auto code =
        bytes ? load_bytecode(*bytes) : result<bytecode>(bytes.error_list());
    auto wrong = code ? rego::errors() : code.error_list();
    if (out_.code)
      wrong = {
          {"load_error", "a second file of bytecode; expected one", "", 0, 0}};
    for (auto& e : wrong) {
      e.file = name;
      errors_.push_back(e);
    }
    if (wrong.empty())
      out_.code = std::move(*code);
  }

  result<value> read_document(const fs::path& p, std::string bytes, bool yaml) {
    result<std::string> text(without_mark(std::move(bytes)));
    if (yaml)
      text = yaml_to_json(p.string(), std::move(*text));
    if (!text)
      return text.error_list();
    return parse_json(memory_, *text);
  }

  // What is wrong with the document; empty where it became part of the data.
  std::string add_data(const names& path, const value& document) {
    if (!document.is_object() && path.empty())
      return "document must be of type object";
    auto wrapped = document;
    for (auto k = path.rbegin(); k != path.rend(); ++k) {
      object_builder o(memory_);
      o.add(*k, wrapped);
      wrapped = o.finish();
    }
    if (!can_merge(root_, wrapped))
      return "merge error: other files have a value at the same path";
    root_ = root_.size() ? merge(root_, wrapped) : wrapped;
    return "";
  }

  static bool can_merge(const value& a, const value& b) {
    if (!a.is_object() || !b.is_object())
      return false;
    for (size_t i = 0; i < b.size(); ++i) {
      auto there = lookup(a, b.keys()[i]);
      if (there.defined() && !can_merge(there, b.values()[i]))
        return false;
    }
    return true;
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

  const load_options& options_;
  std::unique_ptr<arena> owner_;
  arena& memory_;
  value root_;
  loaded out_;
  std::vector<std::string> roots_; // of bundles
  rego::errors errors_;
};

} // namespace

std::pair<std::string, std::vector<std::string>>
split_data_prefix(const std::string& name) {
  constexpr std::string_view scheme = "file://";
  auto path_of = [&](size_t from) {
    auto url = name.compare(from, scheme.size(), scheme) == 0;
    return name.substr(url ? from + scheme.size() : from);
  };
  auto colon = name.find(':');
  if (colon == name.npos || colon == 0 || name.find("://") == colon
      || fs::exists(name))
    return {path_of(0), {}};
  std::vector<std::string> prefix;
  for (size_t from = 0; from <= colon;) {
    auto end = std::min(name.find('.', from), colon);
    prefix.push_back(name.substr(from, end - from));
    from = end + 1;
  }
  return {path_of(colon + 1), prefix};
}

result<loaded> load(const std::vector<std::string>& paths,
                    const load_options& options) {
  loader l(options);
  for (auto& p : paths)
    l.add_path(p, options.all_bundles);
  for (auto& p : options.bundles)
    l.add_path(p, true);
  return l.finish();
}

} // namespace rego::cli
