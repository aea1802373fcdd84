// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The `# METADATA` blocks of a module and the statements that they stand above.

#include "parser/annotation.hpp"
#include "parser/parse.hpp"
#include "rego/arena.hpp"

namespace rego {

/// The blocks of one module. A block that OPA refuses is a rego_parse_error, as
/// is one that grows by aliases far beyond its text.
class block_reader {
public:
  /// `size`: of the module's text.
  block_reader(arena& memory, std::string_view file, size_t size)
      : memory_(memory), file_(file), size_(size) {}

  /// Reads them while the module is parsed, of which this is an option. The
  /// reader has to stay where it is.
  comments_check check();
  /// In the order of the source, each with its target and scope.
  std::vector<annotation> attach(const module& m, errors& out);

private:
  std::optional<location> read(std::span<const comment> comments, errors& out);

  arena& memory_;
  std::string file_;
  size_t size_;
  std::vector<annotation> all_;
};

} // namespace rego
