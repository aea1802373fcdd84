// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The JSON Schemas of one compilation as types: those that it was given, by
// name, and those that stand in annotations. Each is read once.

#include <map>
#include <string>
#include <unordered_map>

#include "compiler/annotations.hpp"
#include "compiler/types/base_types.hpp"
#include "compiler/types/schema_type.hpp"
#include "rego/arena.hpp"
#include "rego/engine.hpp"

namespace rego::types {

class schemas {
public:
  schemas(const annotation_set& notes, const compile_options& options)
      : notes_(notes), options_(options) {}

  /// Reads what the compilation was given.
  void read(errors& out);

  /// The type of the input where no annotation says else.
  const type& input() const { return input_; }

  /// What the annotations in force for a rule say of the base documents; good
  /// until the next call.
  const base_types& of(const module& m, const rule& r, bool of_else,
                       errors& out);

private:
  using note_list = std::vector<const schema_note*>;

  void apply(const note_list& notes);
  // Why it cannot be; empty where it was done.
  std::string apply(const schema_note& note, const type& t);
  const schema_type& type_of(const schema_note& note);
  schema_type type_named(const std::string& name);

  const annotation_set& notes_;
  const compile_options& options_;
  arena memory_;
  type input_ = any();
  std::map<std::string, value> given_; // by reference: schema.acl
  std::map<std::string, schema_type> named_;
  std::unordered_map<const schema_note*, schema_type> in_place_;
  // Of the rule before: those of a package often have the same.
  note_list applied_;
  base_types base_;
  std::vector<std::string> refusals_;
};

} // namespace rego::types
