// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `rego inspect` tells of a bundle, a folder or a policy.

#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "parser/annotation.hpp"
#include "rego/arena.hpp"
#include "rego/bundle.hpp"
#include "rego/capabilities.hpp"

namespace rego::cli {

/// An annotation and the package or rule that it is about.
struct placed_annotation {
  std::string file;
  location at;                   // of what it is about
  std::vector<std::string> path; // of that, below data
  std::string package;           // "a.b"
  std::string rule;              // its head's name; empty of a package
  const annotation* about;
};

/// Values and annotations lie in what it owns.
struct inspected {
  std::optional<bundle::manifest> about;
  std::string signatures; // of a signed bundle, JSON
  std::map<std::string, std::vector<std::string>> namespaces; // to files
  capabilities needed;
  std::list<std::vector<annotation>> notes;
  std::vector<placed_annotation> annotations; // by path and place
  arena memory;
};

/// OPA's JSON, and its tables.
std::string inspected_json(inspected& x, bool annotations);
std::string inspected_text(const inspected& x, bool annotations);

} // namespace rego::cli
