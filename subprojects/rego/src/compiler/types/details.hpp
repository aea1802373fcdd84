// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What type errors tell beside their message: the types that were found and
// wanted and the reference, as lines below the message and as the object of
// OPA's JSON. Descriptions that OPA's JSON has of the arguments of built-ins
// are left out.

#include <string>
#include <vector>

#include "compiler/types/type.hpp"
#include "rego/arena.hpp"
#include "rego/error.hpp"
#include "rego/value.hpp"

namespace rego::types {

/// The terms of a reference.
using ref_path = std::vector<const term*>;
/// The first of them, as written.
std::string path_text(const ref_path& ref, size_t n);

/// Operands of a function; a name is empty or missing where it has none.
struct named_types {
  std::vector<type> types;
  std::vector<std::string> names;
};

/// The term of a reference that is wrong and the type that was found there,
/// null where nothing is known of it.
struct ref_step {
  const ref_path& ref;
  size_t position;
  const type& have;
};

/// A type as OPA's JSON has it.
value json_of(arena& a, const type& t);

/// Operands of a call.
error_details tell_operands(const std::vector<type>& have,
                            const named_types& want);
/// Both sides of an equation.
error_details tell_sides(const type& left, const type& right);
/// A value that has no elements.
error_details tell_value(const ref_step& at);
/// A key that there cannot be; some may be known by name.
error_details tell_key(const ref_step& at, const type& want,
                       const std::vector<constant_key>& one_of);

} // namespace rego::types
