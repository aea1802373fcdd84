// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Objects as JSON has them, whose members' names are strings: as Go's encoder
// writes the map that OPA makes of an object.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rego/value.hpp"

namespace rego {

struct json_member {
  std::string name;
  value item;
};

/// The key as a member's name: a string is its own, others are their JSON.
std::string json_name(const value& key);

/// Whether the keys are names already, so that the object is JSON's.
bool has_names(const value& object);

/// The members in the order of their names' bytes; of keys with one name
/// (1 and "1") the last counts. None where the names take more than so many
/// bytes.
std::optional<std::vector<json_member>>
json_members(const value& object, size_t bytes_max = SIZE_MAX);

} // namespace rego
