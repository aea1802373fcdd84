// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The nodes of a YAML document as values. Aliases are followed, so a document
// may grow far beyond its text, and without end: a reader has bounds. One
// reader a document, one thread.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "builtins/yaml_document.hpp"
#include "builtins/yaml_scalar.hpp"
#include "rego/build.hpp"

namespace rego {

struct yaml_bounds {
  int depth;                  // that collections may have
  size_t nodes;               // that may still be read
  std::function<void()> each; // called for each of them; may throw
};

class yaml_reader {
public:
  /// A key and its value.
  using pair = std::pair<const yaml_node*, const yaml_node*>;

  /// `bounds` outlives the reader, which takes from its nodes.
  yaml_reader(arena& to, yaml_rules rules, yaml_bounds& bounds)
      : arena_(to), rules_(rules), bounds_(bounds) {}

  /// Any node. False, here and below, with `error` set.
  bool read(const yaml_node& n, value& to, int depth = 0);
  /// A scalar, by its tag where it has one.
  bool scalar(const yaml_node& n, value& to);
  /// What a map holds: what it merges in first, so that of two pairs with one
  /// key the last one counts.
  bool pairs(const yaml_node& map, std::vector<pair>& to, int depth = 0);

  /// "!!int" and the like: the node's tag, or what `read`, its value, goes by.
  static std::string tag_of(const yaml_node& n, const value& read);

  bool fail(std::string what) {
    error = std::move(what);
    return false;
  }
  std::string error;
  /// Whether a map that names two keys alike is refused, where the rules let
  /// the last one count. What it merges in may have them again.
  bool unique_keys = false;

private:
  bool take();
  bool binary(const std::string& text, value& to);
  bool sequence(const yaml_node& n, int depth, value& to);
  bool map(const yaml_node& n, int depth, value& to);
  bool merge(const yaml_node& from, std::vector<pair>& to, int depth);
  bool key(const yaml_node& n, value& to);
  bool number_key(const yaml_node& n, const value& read, value& to);
  bool keys_differ(const yaml_node& map);
  bool names_differ(const yaml_node& map);
  bool twice(std::string_view key, int line, int first);

  arena& arena_;
  yaml_rules rules_;
  yaml_bounds& bounds_;
};

} // namespace rego
