// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/yaml_json.hpp"

#include <yaml-cpp/yaml.h>

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

} // namespace

std::string yaml_to_json(const YAML::Node& n) {
  std::string out;
  switch (n.Type()) {
  case YAML::NodeType::Scalar:
    return scalar(n);
  case YAML::NodeType::Sequence:
    for (auto e : n)
      out += (out.empty() ? "" : ",") + yaml_to_json(e);
    return "[" + out + "]";
  case YAML::NodeType::Map:
    for (auto e : n)
      out += (out.empty() ? "" : ",") + json_string(e.first.Scalar()) + ":"
             + yaml_to_json(e.second);
    return "{" + out + "}";
  default:
    return "null";
  }
}

} // namespace rego::cli
