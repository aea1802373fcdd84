// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "compiler/annotation_fields.hpp"

#include <algorithm>

namespace rego {

std::string annotation_fields::complaint() const {
  if (!reader_.error.empty() || misfits_.empty())
    return reader_.error;
  std::string out = "yaml: unmarshal errors:";
  for (auto& m : misfits_)
    out += "\n  " + m;
  return out;
}

bool annotation_fields::misfit(const yaml_node& n, const value& read,
                               const std::string& type) {
  auto shown = n.text.size() > 10 ? n.text.substr(0, 7) + "..." : n.text;
  misfits_.push_back(
      "line " + std::to_string(n.line) + ": cannot unmarshal "
      + yaml_reader::tag_of(n, read)
      + (n.kind == yaml_kind::scalar ? " `" + shown + "`" : std::string())
      + " into " + type);
  return true;
}

// Null where there is none, or what is there is none.
bool annotation_fields::scalar(const yaml_node& n, const char* type,
                               value& to) {
  to = value::null();
  if (n.kind == yaml_kind::null)
    return true;
  return n.kind == yaml_kind::scalar ? reader_.scalar(n, to)
                                     : misfit(n, {}, type);
}

bool annotation_fields::text(const yaml_node& n, std::string& to) {
  value v;
  if (!scalar(n, "string", v))
    return false;
  if (v.is_null())
    return true;
  // Any scalar is text as it was written, but for bytes.
  bool bytes = n.tag.ends_with(":binary");
  to = bytes ? std::string(v.as_string()) : n.text;
  return true;
}

bool annotation_fields::flag(const yaml_node& n, bool& to) {
  value v;
  if (!scalar(n, "bool", v))
    return false;
  if (v.is_null())
    return true;
  // Here YAML 1.1's words count, in quotes too.
  if (v.is_string() && v.as_string() != "true" && v.as_string() != "false")
    v = yaml_scalar(memory_, n.text);
  if (!v.defined() || !v.is_boolean())
    return misfit(n, v.defined() ? v : value::null(), "bool");
  to = v.as_boolean();
  return true;
}

template <typename Each>
bool annotation_fields::items(const yaml_node& n, const std::string& type,
                              Each each) {
  if (n.kind == yaml_kind::sequence)
    return std::all_of(n.parts.begin(), n.parts.end(),
                       [&](auto* item) { return each(*item); });
  value v = value::null();
  if (n.kind == yaml_kind::scalar && !reader_.scalar(n, v))
    return false;
  bool nothing = n.kind != yaml_kind::map && v.is_null();
  return nothing || misfit(n, v, "[]" + type);
}

bool annotation_fields::list(const yaml_node& n, value& to) {
  array_builder b(memory_);
  if (!items(n, "interface {}", [&](auto& item) {
        value v;
        bool ok = reader_.read(item, v);
        b.push(v);
        return ok;
      }))
    return false;
  to = b.array();
  return true;
}

// A map from texts: whatever scalar a key is, its text counts.
bool annotation_fields::map(const yaml_node& n, value& to) {
  if (n.kind != yaml_kind::map) {
    value v = value::null();
    if (n.kind == yaml_kind::scalar && !reader_.scalar(n, v))
      return false;
    bool nothing = n.kind != yaml_kind::sequence && v.is_null();
    return nothing || misfit(n, v, "map[string]interface {}");
  }
  std::vector<yaml_reader::pair> list;
  if (!reader_.pairs(n, list))
    return false;
  object_builder b(memory_, list.size());
  for (auto& [k, v] : list) {
    value name = value::null(), read;
    std::string key;
    if ((k->kind == yaml_kind::scalar && !reader_.scalar(*k, name))
        || !text(*k, key) || !reader_.read(*v, read))
      return false;
    if (!name.is_null())
      b.add(key, read);
  }
  to = b.finish();
  return true;
}

bool annotation_fields::field(std::string_view name, const yaml_node& n,
                              annotation& to) {
  if (name == "scope")
    return text(n, to.scope);
  if (name == "title")
    return text(n, to.title);
  if (name == "description")
    return text(n, to.description);
  if (name == "entrypoint")
    return flag(n, to.entrypoint);
  if (name == "organizations")
    return items(n, "string", [&](auto& item) {
      std::string s;
      size_t before = misfits_.size();
      bool ok = text(item, s);
      bool none = item.kind == yaml_kind::null || misfits_.size() > before;
      if (!none)
        to.organizations.push_back(s);
      return ok;
    });
  if (name == "related_resources")
    return list(n, resources);
  if (name == "authors")
    return list(n, authors);
  if (name == "schemas")
    return items(n, "map[string]interface {}",
                 [&](auto& item) { return map(item, schemas.emplace_back()); });
  if (name == "compile")
    return map(n, compile);
  if (name == "custom")
    return map(n, to.custom);
  return name != "labels" || map(n, to.labels);
}

bool annotation_fields::read(const yaml_node& root, annotation& to) {
  if (root.kind != yaml_kind::map) {
    value v = value::null();
    if (root.kind == yaml_kind::scalar && !reader_.scalar(root, v))
      return false;
    bool nothing = root.kind != yaml_kind::sequence && v.is_null();
    if (!nothing)
      misfit(root, v, "ast.rawAnnotation");
    return nothing;
  }
  std::vector<yaml_reader::pair> list;
  if (!reader_.pairs(root, list))
    return false;
  for (auto& [k, v] : list) {
    std::string name;
    if (!text(*k, name) || !field(name, *v, to))
      return false;
  }
  return misfits_.empty();
}

} // namespace rego
