// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/yaml_values.hpp"

#include <algorithm>
#include <map>

#include "builtins/base64.hpp"
#include "builtins/support.hpp"
#include "core/outside_memory.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

// In a list that grows ahead.
constexpr size_t pair_bytes = 2 * sizeof(yaml_reader::pair);

constexpr std::string_view core_tag = "tag:yaml.org,2002:";

// "int" of the core's tag; of others all, of a quoted text "!".
std::string_view core_kind(std::string_view tag) {
  return tag.starts_with(core_tag) ? tag.substr(core_tag.size()) : tag;
}

bool is_plain(const yaml_node& n) {
  return n.tag.empty() || n.tag == "?";
}

// The key "<<", not in quotes.
bool merges(const yaml_node& key) {
  return key.kind == yaml_kind::scalar && key.text == "<<" && is_plain(key);
}

} // namespace

bool yaml_reader::take() {
  if (bounds_.nodes == 0)
    return fail("yaml: document contains excessive aliasing");
  --bounds_.nodes;
  bounds_.each();
  return true;
}

std::string yaml_reader::tag_of(const yaml_node& n, const value& read) {
  auto kind = core_kind(n.tag);
  if (kind.starts_with('!') && kind != "!")
    return std::string(kind);
  if (n.kind == yaml_kind::sequence || n.kind == yaml_kind::map)
    return n.kind == yaml_kind::map ? "!!map" : "!!seq";
  if (kind != "" && kind != "?" && kind != "!")
    return "!!" + std::string(kind);
  if (!read.defined() || read.is_number())
    return read.defined() && yaml_is_integer(n.text) ? "!!int" : "!!float";
  if (read.is_string())
    return read.as_string() == n.text ? "!!str" : "!!timestamp";
  return read.is_boolean() ? "!!bool" : "!!null";
}

bool yaml_reader::scalar(const yaml_node& n, value& to) {
  auto& text = n.text;
  auto kind = core_kind(n.tag);
  if (kind == "binary")
    return binary(text, to);
  bool time = kind == "timestamp" && rules_ == yaml_rules::native;
  if (!time && kind != "" && kind != "?" && kind != "int" && kind != "float"
      && kind != "bool" && kind != "null") {
    to = make_string(arena_, text);
    return true;
  }
  to = yaml_scalar(arena_, text, rules_);
  if (!to.defined())
    return fail("json: unsupported value: "
                + std::string(yaml_limit_name(text)));
  bool fits = kind == "int"     ? to.is_number() && yaml_is_integer(text)
              : kind == "float" ? to.is_number()
              : kind == "bool"  ? to.is_boolean()
              : kind == "null"  ? to.is_null()
              : time            ? to.is_string() && to.as_string() != text
                                : true;
  yaml_node untagged{n.kind, "?", text, {}, n.line};
  return fits
         || fail("yaml: cannot decode " + tag_of(untagged, to) + " `" + text
                 + "` as a !!" + std::string(kind));
}

bool yaml_reader::binary(const std::string& text, value& to) {
  auto r = base64_decode(text, base64_form::standard);
  if (r.bad)
    return fail("yaml: !!binary value contains invalid base64 data");
  to = make_string(arena_, r.bytes);
  return true;
}

bool yaml_reader::key(const yaml_node& n, value& to) {
  bool is_scalar = n.kind == yaml_kind::scalar;
  bool native = rules_ == yaml_rules::native;
  if (!native && !is_scalar && n.kind != yaml_kind::null)
    return fail("unsupported map key of a collection");
  value v = value::null();
  bool is_read = !is_scalar || scalar(n, v);
  if (!native && (!v.defined() || v.is_number()))
    return (is_read || !v.defined()) && number_key(n, v, to);
  if (!is_read)
    return false;
  if (native) {
    // A point in time has no value of its own here.
    bool time = v.is_string() && core_kind(n.tag) != "binary"
                && v.as_string() != n.text;
    to = v;
    bool fits = n.kind == yaml_kind::null || (is_scalar && !time);
    return fits || fail("yaml: invalid map key");
  }
  if (v.is_null())
    return fail("Unsupported map key of type: null");
  to = v.is_string() ? v : make_string(arena_, to_json(v));
  return true;
}

// Keys may be what JSON cannot hold as a value, by the names of YAML.
bool yaml_reader::number_key(const yaml_node& n, const value& read, value& to) {
  std::string key;
  if (read.defined()) {
    key = yaml_key_of_number(n.text, core_kind(n.tag) == "float");
  } else {
    auto name = yaml_limit_name(n.text);
    key = name == "NaN" ? ".nan" : name == "-Inf" ? "-.inf" : ".inf";
  }
  if (key.empty())
    return fail("Unsupported map key of type: uint64");
  error.clear();
  to = make_string(arena_, key);
  return true;
}

bool yaml_reader::twice(std::string_view key, int line, int first) {
  return fail("yaml: unmarshal errors:\n  line " + std::to_string(line)
              + ": mapping key " + go_quote(key) + " already defined at line "
              + std::to_string(first));
}

bool yaml_reader::keys_differ(const yaml_node& map) {
  std::map<std::string_view, int> lines;
  for (size_t i = 0; i + 1 < map.parts.size(); i += 2) {
    auto& k = *map.parts[i];
    auto [at, is_new] = lines.emplace(k.text, k.line);
    if (!is_new && k.kind == yaml_kind::scalar)
      return twice(k.text, k.line, at->second);
  }
  return true;
}

// Keys that are written differently may come to one name: 1, "1" and 0x1.
bool yaml_reader::names_differ(const yaml_node& map) {
  std::map<std::string, int> lines;
  for (size_t i = 0; i + 1 < map.parts.size(); i += 2) {
    auto& k = *map.parts[i];
    value name;
    if (!merges(k) && !key(k, name))
      return false;
    auto text = merges(k) ? k.text : std::string(name.as_string());
    auto [at, is_new] = lines.emplace(std::move(text), k.line);
    if (!is_new)
      return twice(at->first, k.line, at->second);
  }
  return true;
}

bool yaml_reader::pairs(const yaml_node& n, std::vector<pair>& to, int depth) {
  if (depth > bounds_.depth)
    return fail("yaml: exceeded max depth");
  if (rules_ == yaml_rules::native && !keys_differ(n))
    return false;
  if (unique_keys && !names_differ(n))
    return false;
  for (size_t i = 0; i + 1 < n.parts.size(); i += 2)
    if (merges(*n.parts[i]) && !merge(*n.parts[i + 1], to, depth + 1))
      return false;
  for (size_t i = 0; i + 1 < n.parts.size(); i += 2) {
    if (merges(*n.parts[i]))
      continue;
    if (!take())
      return false;
    take_memory(pair_bytes);
    to.emplace_back(n.parts[i], n.parts[i + 1]);
  }
  return true;
}

bool yaml_reader::merge(const yaml_node& from, std::vector<pair>& to,
                        int depth) {
  std::vector<const yaml_node*> sources{&from}; // refused below where no map
  if (from.kind == yaml_kind::sequence)
    sources.assign(from.parts.rbegin(), from.parts.rend());
  for (auto* s : sources) {
    if (s->kind != yaml_kind::map)
      return fail("yaml: map merge requires map or sequence of maps as the "
                  "value");
    if (!take() || !pairs(*s, to, depth))
      return false;
  }
  return true;
}

bool yaml_reader::map(const yaml_node& n, int depth, value& to) {
  std::vector<pair> list;
  if (!pairs(n, list, depth))
    return false;
  object_builder b(arena_, list.size());
  for (auto& [k, v] : list) {
    value name, read;
    if (!key(*k, name) || !this->read(*v, read, depth + 1))
      return false;
    b.add(name, read);
  }
  give_memory(list.size() * pair_bytes);
  to = b.finish();
  return true;
}

bool yaml_reader::sequence(const yaml_node& n, int depth, value& to) {
  array_builder b(arena_, n.parts.size());
  for (auto* item : n.parts) {
    value v;
    if (!read(*item, v, depth + 1))
      return false;
    b.push(v);
  }
  to = b.array();
  return true;
}

bool yaml_reader::read(const yaml_node& n, value& to, int depth) {
  if (depth > bounds_.depth)
    return fail("yaml: exceeded max depth");
  if (!take())
    return false;
  switch (n.kind) {
  case yaml_kind::scalar:
    return scalar(n, to);
  case yaml_kind::sequence:
    return sequence(n, depth, to);
  case yaml_kind::map:
    return map(n, depth, to);
  default:
    to = value::null();
    return true;
  }
}

} // namespace rego
