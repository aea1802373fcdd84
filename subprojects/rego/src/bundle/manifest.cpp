// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The manifest: revision, roots, versions of Rego, metadata.

#include <algorithm>

#include "bundle/support.hpp"
#include "rego/build.hpp"

namespace rego::bundle {

namespace {

constexpr size_t roots_max = 1000;
constexpr size_t patterns_max = 1000;
constexpr size_t text_max = 1024;

std::string trimmed(std::string_view root) {
  while (root.starts_with('/'))
    root.remove_prefix(1);
  while (root.ends_with('/'))
    root.remove_suffix(1);
  return std::string(root);
}

class manifest_reader {
public:
  explicit manifest_reader(const value& v) : from_(v) {}

  result<manifest> read() {
    if (!from_.is_object())
      return refusal(manifest_name, "expected an object");
    for (size_t i = 0; i < from_.size() && wrong_.empty(); ++i)
      member(from_.keys()[i].as_string(), from_.values()[i]);
    check_roots();
    if (!wrong_.empty())
      return refusal(manifest_name, wrong_);
    return std::move(out_);
  }

private:
  void refuse(std::string_view name, const std::string& expected) {
    if (wrong_.empty())
      wrong_ = shown(name) + ": expected " + expected;
  }

  void member(std::string_view name, const value& v) {
    if (name == "revision")
      revision(v);
    else if (name == "roots")
      roots(v);
    else if (name == "rego_version")
      out_.rego_version = version(name, v);
    else if (name == "file_rego_versions")
      versions(v);
    else if (name == "metadata")
      metadata(v);
    else if (name == "wasm" && v.size() > 0)
      refuse(name, "none: WebAssembly modules are not run here");
    // OPA passes over what it does not know, so that others may add to it.
  }

  void revision(const value& v) {
    if (v.is_string() && v.as_string().size() <= text_max)
      out_.revision = v.as_string();
    else
      refuse("revision",
             "a text of at most " + std::to_string(text_max) + " bytes");
  }

  void roots(const value& v) {
    if (!v.is_array() || v.size() > roots_max)
      return refuse("roots", "a list of at most " + std::to_string(roots_max)
                                 + " paths");
    out_.roots.clear();
    for (auto& root : v.items()) {
      if (!root.is_string() || root.as_string().size() > text_max)
        return refuse("roots", "paths of at most " + std::to_string(text_max)
                                   + " bytes");
      out_.roots.push_back(trimmed(root.as_string()));
    }
  }

  std::optional<int> version(std::string_view name, const value& v) {
    auto n = v.is_number() ? to_int64(v) : std::nullopt;
    if (n && (*n == 0 || *n == 1))
      return static_cast<int>(*n);
    refuse(name, "0 or 1, the versions of Rego");
    return std::nullopt;
  }

  void versions(const value& v) {
    if (!v.is_object() || v.size() > patterns_max)
      return refuse("file_rego_versions", "an object of at most "
                                              + std::to_string(patterns_max)
                                              + " globs of paths");
    for (size_t i = 0; i < v.size(); ++i)
      if (auto n = version("file_rego_versions", v.values()[i]))
        out_.file_rego_versions.emplace(v.keys()[i].as_string(), *n);
  }

  void metadata(const value& v) {
    if (v.is_object())
      out_.metadata = to_json(v);
    else
      refuse("metadata", "an object");
  }

  void check_roots() {
    auto& r = out_.roots;
    for (auto& root : r)
      for (auto& step : steps_of(root))
        if (step.empty())
          refuse("roots", "paths without empty steps");
    for (size_t i = 0; i < r.size(); ++i)
      for (size_t j = i + 1; j < r.size() && wrong_.empty(); ++j)
        if (overlap(r[i], r[j]))
          wrong_ = "overlapping roots '" + shown(r[i]) + "' and '" + shown(r[j])
                   + "'";
  }

  const value& from_;
  manifest out_;
  std::string wrong_;
};

} // namespace

bool is_below(std::string_view root, const std::vector<std::string>& path) {
  auto steps = steps_of(root);
  return steps.size() <= path.size()
         && std::equal(steps.begin(), steps.end(), path.begin());
}

bool overlap(std::string_view a, std::string_view b) {
  return is_below(a, steps_of(b)) || is_below(b, steps_of(a));
}

result<manifest> read_manifest(const value& v) {
  return manifest_reader(v).read();
}

std::string to_text(const manifest& m) {
  arena a;
  object_builder out(a);
  out.add("revision", make_string(a, m.revision));
  array_builder roots(a);
  for (auto& root : m.roots)
    roots.push(make_string(a, root));
  out.add("roots", roots.array());
  if (m.rego_version)
    out.add("rego_version", value::integer(*m.rego_version));
  object_builder versions(a);
  for (auto& [pattern, version] : m.file_rego_versions)
    versions.add(pattern, value::integer(version));
  if (versions.size())
    out.add("file_rego_versions", versions.finish());
  if (!m.metadata.empty())
    if (auto v = parse_json(a, m.metadata))
      out.add("metadata", *v);
  return to_json(out.finish());
}

} // namespace rego::bundle
