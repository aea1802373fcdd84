// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// YAML as JSON text, for data files and test cases. Plain scalars resolve as in
// YAML 1.2's core schema; numbers keep their text.

#include <string>

namespace YAML {
class Node;
}

namespace rego::cli {

std::string yaml_to_json(const YAML::Node& node);

} // namespace rego::cli
