// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// A YAML text as a value, by the rules of sigs.k8s.io/yaml. Stateless; any
// thread.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego {

struct yaml_reading {
  /// Called for each part of the text and each node; both may throw.
  std::function<void(size_t bytes)> part = [](size_t) {};
  std::function<void()> node = [] {};
  /// Refuses a map with two keys of one name, of which else the last counts.
  bool unique_keys = false;
};

/// The first document, null where there is none. Aliases are followed, so a
/// document may grow far beyond its text: the arena's limit bounds it, and a
/// number of nodes. False with the error in Go's words.
bool value_of_yaml(arena& memory, std::string_view text,
                   const yaml_reading& how, value& to, std::string& error);

} // namespace rego
