// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Files to a bundle: what each is, and whether all of it is within the roots.

#include <algorithm>

#include "builtins/utf8.hpp"
#include "bundle/support.hpp"
#include "parser/parse.hpp"
#include "rego/build.hpp"

namespace rego::bundle {

namespace {

constexpr size_t content_memory_max = size_t{1} << 30;

using path = std::vector<std::string>;

bool is_data(std::string_view file) {
  auto name = base_name(file);
  return name == "data.json" || name == "data.yaml" || name == "data.yml";
}

bool is_below_any(const std::vector<std::string>& roots, const path& at) {
  return std::any_of(roots.begin(), roots.end(),
                     [&](auto& root) { return is_below(root, at); });
}

/// Of a package's name, the steps behind data.
path path_of(const term& package) {
  path out;
  for (size_t i = 1; i < package.args.size(); ++i)
    out.push_back(package.args[i].text);
  return out;
}

std::string joined(const path& steps) {
  std::string out;
  for (auto& step : steps)
    out += (out.empty() ? "" : "/") + step;
  return shown(out);
}

std::string list_of(const std::vector<std::string>& roots) {
  std::string out;
  for (auto& root : roots)
    out += (out.empty() ? "'" : ", '") + shown(root) + "'";
  return out.empty() ? "none" : out;
}

class bundle_reader {
public:
  explicit bundle_reader(const read_options& o)
      : options_(o), owner_(std::make_unique<arena>(content_memory_max)),
        memory_(*owner_), root_(object_builder(memory_).finish()) {}

  result<std::vector<std::string>> package_of(const module_source& m) {
    auto parsed = parse_module(m.name, m.text, {.v1 = !m.v0.value_or(false)});
    if (!parsed)
      return parsed.error_list();
    return path_of(parsed->package);
  }

  result<content> read(const file_list& files) {
    for (auto& f : files)
      if (wrong_.empty())
        own_file(f);
    for (auto& f : files)
      if (wrong_.empty())
        add(f);
    if (wrong_.empty())
      check_kind();
    path at;
    if (wrong_.empty())
      check_data(root_, at);
    if (wrong_.empty())
      check_patch();
    if (!wrong_.empty())
      return wrong_;
    out_.data = std::make_shared<snapshot>(std::move(owner_), root_);
    return std::move(out_);
  }

private:
  void refuse(std::string_view file, std::string why) {
    wrong_.push_back(refusal(file, std::move(why)));
  }

  template <class T>
  bool take(result<T>&& from, T& to) {
    if (from)
      to = std::move(*from);
    else
      wrong_ = from.error_list();
    return wrong_.empty();
  }

  // The manifest and the patch, which say what the others are.
  void own_file(const file& f) {
    auto name = base_name(f.path);
    bool manifest = name == manifest_name, patch = name == patch_name;
    if (!manifest && !patch)
      return;
    if (name.size() != f.path.size())
      return refuse(f.path, "expected at the root of the bundle");
    value v;
    if (!take(documents_.read(memory_, f), v))
      return;
    if (manifest && take(read_manifest(v), out_.about))
      out_.has_manifest = true;
    if (patch && take(read_patch(v), out_.patch))
      out_.is_delta = true;
  }

  void add(const file& f) {
    if (f.path.ends_with(".rego"))
      add_module(f);
    else if (is_data(f.path))
      add_data(f);
  }

  /// Of several patterns none may contradict another: OPA takes any of them.
  std::optional<int> version_of(const file& f) {
    auto out = out_.about.rego_version;
    bool found = false;
    for (auto& [pattern, version] : out_.about.file_rego_versions) {
      if (!documents_.matches(pattern, f.path)
          && !documents_.matches(pattern, "/" + f.path))
        continue;
      if (found && *out != version)
        refuse(f.path, "file_rego_versions: patterns that contradict one "
                       "another match this file");
      found = true;
      out = version;
    }
    return out;
  }

  void add_module(const file& f) {
    if (!is_valid_utf8(f.bytes))
      return refuse(f.path, "not UTF-8");
    auto version = version_of(f);
    module m{f.path, f.bytes, {}, options_.v0_compatible};
    if (version)
      m.v0 = *version == 0;
    auto parsed = parse_module(f.path, f.bytes, {.v1 = !m.v0});
    if (!parsed) {
      wrong_ = parsed.error_list();
      return;
    }
    m.package = path_of(parsed->package);
    if (!is_below_any(out_.about.roots, m.package))
      return refuse(f.path, "package " + ref_text(parsed->package)
                                + " is outside the roots of the manifest ("
                                + list_of(out_.about.roots) + ")");
    out_.modules.push_back(std::move(m));
  }

  void add_data(const file& f) {
    auto at = steps_of(folder_of(f.path));
    if (!at.empty() && at[0].starts_with('.'))
      return refuse(f.path, "data below a folder whose name begins with a dot");
    value v;
    if (!take(documents_.read(memory_, f), v))
      return;
    if (at.empty() && !v.is_object())
      return refuse(f.path, "expected an object as the root of data, not "
                                + std::string(type_name(v)));
    for (auto k = at.rbegin(); k != at.rend(); ++k) {
      object_builder o(memory_);
      o.add(*k, v);
      v = o.finish();
    }
    merge(root_, v, f.path, root_);
  }

  // Objects into one another; anything else twice contradicts.
  void merge(const value& a, const value& b, std::string_view file, value& to) {
    if (!a.is_object() || !b.is_object())
      return refuse(file, "another data file has a value at the same place");
    object_builder o(memory_);
    for (size_t i = 0; i < a.size(); ++i)
      o.add(a.keys()[i], a.values()[i]);
    for (size_t i = 0; i < b.size(); ++i) {
      auto old = lookup(a, b.keys()[i]);
      value now = b.values()[i];
      if (old.defined())
        merge(old, now, file, now);
      o.add(b.keys()[i], now);
    }
    if (wrong_.empty())
      to = o.finish();
  }

  void check_kind() {
    if (out_.is_delta && (!out_.modules.empty() || root_.size() > 0))
      refuse(patch_name, "a delta bundle with policies or data beside its "
                         "patch");
  }

  void check_data(const value& v, path& at) {
    auto& roots = out_.about.roots;
    if (is_below_any(roots, at))
      return;
    bool leads =
        at.empty() || std::any_of(roots.begin(), roots.end(), [&](auto& root) {
          auto steps = steps_of(root);
          return at.size() <= steps.size()
                 && std::equal(at.begin(), at.end(), steps.begin());
        });
    if (!leads || !v.is_object())
      return refuse("", "data at '" + joined(at)
                            + "' is outside the roots of the manifest ("
                            + list_of(roots) + ")");
    for (size_t i = 0; i < v.size() && wrong_.empty(); ++i) {
      at.emplace_back(v.keys()[i].as_string());
      check_data(v.values()[i], at);
      at.pop_back();
    }
  }

  void check_patch() {
    for (size_t i = 0; i < out_.patch.size() && wrong_.empty(); ++i)
      if (auto& at = out_.patch[i].path; !is_below_any(out_.about.roots, at))
        refuse(patch_name, "operation " + std::to_string(i) + ": '" + joined(at)
                               + "' is outside the roots of the manifest ("
                               + list_of(out_.about.roots) + ")");
  }

  const read_options& options_;
  document_reader documents_;
  std::unique_ptr<arena> owner_;
  arena& memory_;
  value root_;
  content out_;
  errors wrong_;
};

} // namespace

result<std::vector<std::string>> package_of(const module_source& m) {
  auto parsed = parse_module(m.name, m.text, {.v1 = !m.v0.value_or(false)});
  if (!parsed)
    return parsed.error_list();
  return path_of(parsed->package);
}

result<content> read(const file_list& files, const read_options& o) {
  try {
    return bundle_reader(o).read(files);
  } catch (const bound_reached&) {
    return refusal("", "data nests too deeply or takes too much memory");
  }
}

} // namespace rego::bundle
