// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Metadata annotations: `# METADATA` comment blocks as values, and the chains
// that rego.metadata.chain() and rego.metadata.rule() give. Read once per
// compilation; the values lie in the policy's arena.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/rule_tree.hpp"
#include "rego/build.hpp"

namespace rego {

class annotation_set {
public:
  explicit annotation_set(arena& memory) : memory_(memory) {}

  /// Reads a module's blocks; one that is no YAML, or grows by aliases far
  /// beyond its text, is a rego_parse_error.
  void read(const module& m, errors& out);

  /// Whether rules of the module, which was read, may ask for annotations.
  bool asked_for(const module& m) const { return asked_.count(&m) > 0; }

  /// For a rule of a module: innermost first, the rule itself always.
  value chain(const module& m, const rule& r);
  /// The rule's own annotations, or an empty object.
  value own(const rule& r);

private:
  using rules_by_row = std::vector<const rule*>;
  void attach(const module& m, const rules_by_row& rules, int last_row,
              const std::string& yaml, int first_row, errors& out);
  value entry(const value& annotations, const std::vector<value>& path);
  std::vector<value> package_path(const module& m) const;
  value document_scope(const module& m, const rule& r) const;

  arena& memory_;
  size_t nodes_left_ = 0; // that aliases and texts of this module may make
  std::set<const module*> asked_;
  std::map<const rule*, value> rules_;       // scope rule
  std::map<std::string, value> documents_;   // by path
  std::map<std::string, value> packages_;    // by path
  std::map<std::string, value> subpackages_; // by path
};

} // namespace rego
