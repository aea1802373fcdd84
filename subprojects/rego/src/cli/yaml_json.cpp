// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/yaml_json.hpp"

#include <utility>
#include <yaml-cpp/yaml.h>

#include "bundle/support.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego::cli {

namespace {

std::string scalar(const YAML::Node& n) {
  auto& s = n.Scalar();
  // A quoted scalar has the tag "!" and is a string whatever it looks like.
  if (n.Tag() == "!" || n.Tag() == "tag:yaml.org,2002:str")
    return json_string(s);
  if (s.empty() || s == "~" || s == "null" || s == "Null" || s == "NULL")
    return "null";
  if (s == "true" || s == "True" || s == "TRUE")
    return "true";
  if (s == "false" || s == "False" || s == "FALSE")
    return "false";
  return is_number_text(s) ? s : json_string(s);
}

constexpr int depth_max = 500;
constexpr size_t bytes_max = size_t{64} << 20;

void append(std::string& to, const YAML::Node& n, int depth);

void append_entries(std::string& to, const YAML::Node& n, int depth) {
  bool map = n.IsMap();
  to += map ? '{' : '[';
  bool first = true;
  for (auto e : n) {
    if (!std::exchange(first, false))
      to += ',';
    if (map)
      to += json_string(e.first.Scalar()) + ':';
    append(to, map ? e.second : e, depth + 1);
  }
  to += map ? '}' : ']';
}

void append(std::string& to, const YAML::Node& n, int depth) {
  if (depth > depth_max || to.size() > bytes_max)
    throw YAML::RepresentationException(n.Mark(), "nested too deeply or too "
                                                  "long");
  if (n.IsScalar())
    to += scalar(n);
  else if (n.IsSequence() || n.IsMap())
    append_entries(to, n, depth);
  else
    to += "null";
}

} // namespace

result<std::string> yaml_to_json(const std::string& name, std::string text) {
  arena memory;
  auto v = bundle::document_reader().read(memory, {"of.yaml", std::move(text)});
  if (!v)
    return error{"load_error", v.error_list()[0].message, name, 0, 0};
  return to_json(*v);
}

std::string yaml_to_json(const YAML::Node& n) {
  std::string out;
  append(out, n, 0);
  return out;
}

} // namespace rego::cli
