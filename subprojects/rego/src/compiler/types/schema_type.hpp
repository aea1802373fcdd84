// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What values a JSON Schema describes, as OPA reads it: of the keywords only
// type, properties, items, anyOf, allOf and $ref within the schema count. A
// schema that leads to itself, or is larger than types may be, is read as far
// down as there is room for; what lies below may be anything.

#include <string>

#include "compiler/types/type.hpp"
#include "rego/arena.hpp"
#include "rego/value.hpp"

namespace rego::types {

struct schema_type {
  type found;
  std::string error; // why there is none
};

schema_type read_schema(arena& memory, const value& schema);

} // namespace rego::types
