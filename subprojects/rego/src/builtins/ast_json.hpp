// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A module's syntax tree in the shape of OPA's JSON, for the built-in function
// rego.parse_module and for the command parse.

#include "parser/annotation.hpp"
#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

struct tree_options {
  bool locations = false; // file, row, column and text (base64) of each node
  bool comments = false;
  const std::vector<annotation>* annotations = nullptr; // of the module
};

/// Levels beyond value_depth_max of the trees that are only printed: enough for
/// every chain of operators that parses, which have two each.
inline constexpr uint16_t tree_levels = 20000;

/// The tree as a value in `memory`. Sets and objects have the order of their
/// values, each member once. It throws bound_reached where the arena does not
/// allow as many levels.
value tree_of(arena& memory, const module& m, const tree_options& options);

/// The parts of a reference that stands in a text of its own.
value tree_of(arena& memory, const quoted_term& t, const tree_options& options);

} // namespace rego
