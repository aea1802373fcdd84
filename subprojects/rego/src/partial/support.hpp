// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rules that what is left of a query needs, by package.

#include <map>

#include "partial/budget.hpp"
#include "partial/node.hpp"

namespace rego::partial {

struct support_rule {
  nodes ref; // of the head: a variable, then the path
  nodes args;
  bool is_function = false;
  bool is_default = false;
  node_ptr key; // of a set; else a value
  node_ptr value;
  literals body;
};

class support_rules {
public:
  /// `path` is the head's reference from data, of which the first `package`
  /// parts are the package.
  void add(const nodes& path, size_t package, support_rule r);
  /// All strings before the last that can be a name.
  static size_t package_of(const nodes& path);
  /// Modules by the names of their packages, rules in OPA's order: as text
  /// and as trees.
  struct modules {
    std::map<std::string, std::string> texts;
    std::vector<module> trees;
  };
  modules finish(budget& left) const;

private:
  struct package {
    term path;
    std::vector<support_rule> rules;
  };
  std::map<std::string, package> packages_;
};

/// Where the support of what is at a path from data stands.
nodes partial_path(arena& memory, nodes path);

/// Wildcards that stand in several places get names.
literals named_wildcards(arena& memory, const literals& body);

} // namespace rego::partial
