// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a `# METADATA` block says of the statement below it. Plain values; those
// of Rego lie in the arena that they were read into.

#include <optional>
#include <string>
#include <vector>

#include "parser/ast.hpp"
#include "rego/value.hpp"

namespace rego {

/// A term that stands in a text of its own, for its place there.
struct quoted_term {
  std::string source;
  std::vector<term> parts; // of a reference; none where there is no term
};

struct author_note {
  std::string name, email; // one of them is not empty
};

struct resource_note {
  std::string ref, description;
};

struct schema_note {
  quoted_term path;   // what it describes
  quoted_term schema; // by reference, or
  value definition;   // in place
};

struct compile_note {
  std::vector<quoted_term> unknowns;
  quoted_term mask_rule;
};

enum class note_target : uint8_t { none, package, import, rule };

struct annotation {
  std::string scope, title, description; // empty where none is given
  bool entrypoint = false;
  std::vector<std::string> organizations;
  std::vector<resource_note> related_resources;
  std::vector<author_note> authors;
  std::vector<schema_note> schemas;
  std::optional<compile_note> compile;
  value custom, labels; // objects, or undefined
  location at;          // of its first line
  std::string text;     // its lines, each behind "# "
  note_target target = note_target::none;
  size_t rule = 0; // of the module's rules, where it is the target
};

/// A rule's path in the document, without data and up to its first key that is
/// no constant, as OPA names the rule in a chain of annotations.
std::vector<std::string> constant_path(const module& m, const rule& r);

} // namespace rego
