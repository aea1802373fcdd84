// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The fields of a `# METADATA` block, each of the type that it has in OPA, from
// the nodes of YAML. What does not fit its field is gathered, as Go's decoder
// does it; what has no field is ignored. One block, one thread.

#include <string>
#include <vector>

#include "builtins/yaml_values.hpp"
#include "parser/annotation.hpp"

namespace rego {

class annotation_fields {
public:
  annotation_fields(arena& memory, yaml_bounds& bounds)
      : memory_(memory), reader_(memory, yaml_rules::native, bounds) {}

  /// The fields of the block. False with what is wrong in complaint().
  bool read(const yaml_node& root, annotation& to);
  std::string complaint() const;

  // What is still to be looked into, as given; undefined where it is not.
  value resources, authors, compile;
  std::vector<value> schemas;

private:
  bool field(std::string_view name, const yaml_node& n, annotation& to);
  bool scalar(const yaml_node& n, const char* type, value& to);
  bool text(const yaml_node& n, std::string& to);
  bool flag(const yaml_node& n, bool& to);
  bool list(const yaml_node& n, value& to);
  bool map(const yaml_node& n, value& to);
  // Calls `each` for the items of a list whose type in Go is []`type`.
  template <typename Each>
  bool items(const yaml_node& n, const std::string& type, Each each);
  // A node that does not fit; true, for the others may be read.
  bool misfit(const yaml_node& n, const value& read, const std::string& type);

  arena& memory_;
  yaml_reader reader_;
  std::vector<std::string> misfits_;
};

} // namespace rego
