// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Recursive descent over a module's tokens. One parser a text, one thread. The
// first error ends the parse; depth is bounded, so hostile nesting is an error.

#include <functional>
#include <optional>
#include <span>

#include "lexer/lexer.hpp"
#include "parser/ast.hpp"
#include "rego/capabilities.hpp"

namespace rego {

/// Tells what is wrong with comments, and where the first block of metadata is
/// among them.
using comments_check =
    std::function<std::optional<location>(std::span<const comment>, errors&)>;

struct parse_options {
  bool v1 = true;
  /// What the text may use; all where there are none.
  const capabilities* allowed = nullptr;
  bool v0_v1 = false; // where not v1: it has to be right as v1 as well
  /// Is asked of the comments up to where the text could be parsed. What is
  /// wrong with them is told before what rules mean is looked at.
  comments_check check_comments = {};
};

/// Whether a built-in has that name: a statement that calls one is no rule. The
/// built-ins say so, which stand above the parser.
bool is_builtin_name(std::string_view name);

/// A module, or rego_parse_error.
result<module> parse_module(std::string_view file, std::string_view text,
                            const parse_options& options);

/// A query such as `data.a.b = x; x > 1`.
result<query> parse_query(std::string_view text, const parse_options& options);

/// A single import path such as "data.foo as bar".
result<import_decl> parse_import(std::string_view text);

} // namespace rego
