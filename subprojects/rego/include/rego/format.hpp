// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The canonical text of a module, as `opa fmt` writes it. Pure functions on
// texts, free to call from any thread.

#include <memory>
#include <string>
#include <string_view>

#include "rego/capabilities.hpp"
#include "rego/error.hpp"

namespace rego {

/// Which Rego a text is in, and which one is wanted.
enum class rego_version : uint8_t {
  v0,    // no `if` and `contains` without an import
  v0_v1, // valid as both, by `import rego.v1`
  v1
};

struct format_options {
  rego_version from = rego_version::v1; // v0 or v1
  rego_version to = rego_version::v1;
  bool drop_v0_imports = false; // rego.v1 and future.keywords, where needless
  bool keywords_in_refs = true; // a.not may be written without brackets
  bool check_result = true;     // a text that does not parse is an error
  /// What the texts may use: where a.not is nothing, brackets stay. Without
  /// any, whatever the engine has.
  std::shared_ptr<const rego::capabilities> capabilities = {};
};

/// The module's canonical text. Formatting it again changes nothing; a rule
/// that would lose a comment stays as it is where that saves it. Errors are
/// those of the parser, and where `to` is not v0 those of Rego v1: duplicate
/// imports, shadowed input and data, deprecated built-in functions, keywords as
/// rule names; and with `check_result` format_error where the text would not
/// parse as `to`, as with a variable that is a keyword there.
result<std::string> format(std::string_view file, std::string_view text,
                           const format_options& options = {});

} // namespace rego
