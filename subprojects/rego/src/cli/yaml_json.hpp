// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// YAML as JSON text, of documents and of conformance cases.

#include <string>

#include "rego/error.hpp"

namespace YAML {
class Node;
}

namespace rego::cli {

/// A file's document as policies read it, by yaml.unmarshal and within bounds:
/// an alias may stand for much, and for itself. Fails with a load_error.
result<std::string> yaml_to_json(const std::string& name, std::string text);

/// A part of a case. Plain scalars resolve as in YAML 1.2's core schema;
/// numbers keep their text. Throws a YAML::Exception where it is nested too
/// deeply or too long.
std::string yaml_to_json(const YAML::Node& node);

} // namespace rego::cli
