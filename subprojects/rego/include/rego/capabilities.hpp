// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What policies may use: which built-in functions and features of the language
// the program has that is to run them, as OPA's capabilities files say it. A
// compilation that is given some (compile_options) refuses all else in OPA's
// words. Plain values, read once and shared between threads.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rego/error.hpp"

namespace rego {

struct capabilities {
  using names = std::set<std::string, std::less<>>;

  /// Built-ins by their names; operators too ("plus", "internal.member_2").
  names builtins;
  /// What `import future.keywords` may name: "in", "if", "not", ...
  names future_keywords;
  /// "rego_v1": Rego v1 as a whole; "rego_v1_import": `import rego.v1`;
  /// "keywords_in_refs": a.not; "template_strings": $"{x}"; "rule_head_refs":
  /// a.b[x] := y; "rule_head_ref_string_prefixes": a.b := y. The last two, and
  /// the import, come with "rego_v1".
  names features;
  /// Hosts that http.send may reach; without a list the file does not say.
  std::optional<std::vector<std::string>> allow_net;
};

/// From the JSON of a capabilities file; what it says beside is passed over,
/// the types of functions too, for those of this engine's are known. Fails with
/// a load_error.
result<capabilities> read_capabilities(std::string_view json);

/// All that this engine has, for policies in v1 or v0.
capabilities own_capabilities(bool v0_compatible);

/// The JSON of a capabilities file, indented. Built-ins that this engine does
/// not have are left out, for nothing is known of them.
std::string to_text(const capabilities& c);

} // namespace rego
