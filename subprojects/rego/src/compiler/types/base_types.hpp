// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The types of the base documents, input and data, for one rule or query: as
// far as schemas tell, else any. Of data only the places are kept that schemas
// are given for; the rest of it is what the rules make it.

#include <vector>

#include "compiler/types/type.hpp"

namespace rego::types {

using key_path = std::vector<constant_key>;

class base_types {
public:
  /// The type of the whole input.
  explicit base_types(type input = any()) : input_(std::move(input)) {}

  const type& input() const { return input_; }

  /// From now on the type is that of the input at a path, of data below one.
  /// What lies around it stays as it was.
  void set_input(const key_path& path, const type& t);
  void set_data(const key_path& path, const type& t);

  /// The place in data that a reference begins with, and its type; null where
  /// no schema is given for one.
  struct place {
    key_path path; // below data
    type found;
  };
  const place* place_above(const std::vector<const term*>& ref) const;

  /// The type of a document of data with what schemas tell of its parts.
  type with_parts(const std::vector<const term*>& ref, type t) const;

private:
  type input_;
  std::vector<place> data_; // none above another
};

} // namespace rego::types
