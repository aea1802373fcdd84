// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON Schema, drafts 4 to 7, with the messages of the library that OPA uses.
// References stay within the document: nothing is fetched. One thread.

#include <string>
#include <string_view>
#include <vector>

#include "builtins/builtin.hpp"

namespace rego::json_schema {

/// Whether the texts under "pattern" have to be regular expressions. Where
/// nothing is matched those of other languages are welcome.
enum class patterns { compiled, unread };

/// The schema as the functions below take it. What `$id` and `id` give names to
/// is referred to by its place: each "$ref" that means it, seen from the names
/// around, becomes "#" and a pointer from the root.
value with_local_references(call_context& c, const value& schema);

/// What is wrong with the schema itself, or "".
std::string check(call_context& c, const value& schema,
                  patterns p = patterns::compiled);

struct violation {
  std::string field, type, description;
};

/// Violations of a schema that check() found good, in the order found.
std::vector<violation> validate(call_context& c, const value& schema,
                                const value& document);

/// Of what "$schema" names; hybrid, all of them at once, where it names none.
enum class draft { four, six, seven, hybrid };
draft draft_of(const value& root);

// Shared by the sources of this family.
/// A member of an object; undefined where there is none.
value member(const value& o, std::string_view name);
/// What "#/definitions/x" refers to; undefined where nothing is there.
value resolve(const value& root, std::string_view reference);
/// Does the text have the format? True for formats not known.
bool has_format(call_context& c, std::string_view format,
                std::string_view text);

} // namespace rego::json_schema
