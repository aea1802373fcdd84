// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The first document of a YAML text as a graph of nodes, as yaml-cpp's parser
// tells it. Aliases lead to the node that they name, so a node may stand in
// many places, and within itself.

#include <cstdint>
#include <deque>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace rego {

enum class yaml_kind : uint8_t { null, scalar, sequence, map };

struct yaml_node {
  yaml_kind kind = yaml_kind::null;
  std::string tag;  // "?" or nothing where there is none, "!" for a quoted text
  std::string text; // of a scalar
  std::vector<const yaml_node*>
      parts; // items; of a map keys and values in turn
  int line = 1;
};

struct yaml_document {
  std::deque<yaml_node> nodes; // where they live
  const yaml_node* root = nullptr;
  size_t parsed = 0; // bytes of the text before the last node
};

/// Reads the first document of what `in` tells, which is `text`; null where
/// there is none. False with the error in Go's words where it is not well
/// formed, or where text that begins no other document stands behind it, such
/// as a part that is indented by mistake. What is in further documents does not
/// matter.
bool read_yaml(std::istream& in, std::string_view text, yaml_document& to,
               std::string& error);

} // namespace rego
