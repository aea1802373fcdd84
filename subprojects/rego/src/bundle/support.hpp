// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the parts of reading and writing bundles share. Stateless, but for the
// scratch of a document_reader, which one thread uses.

#include "rego/bundle.hpp"

namespace rego::bundle {

inline constexpr std::string_view manifest_name = ".manifest";
inline constexpr std::string_view signatures_name = ".signatures.json";
inline constexpr std::string_view patch_name = "patch.json";

inline error refusal(std::string_view file, std::string message) {
  return {"bundle_error", std::move(message), std::string(file), 0, 0};
}

/// "c" of "a/b/c".
inline std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// "a/b" of "a/b/c".
inline std::string_view folder_of(std::string_view path) {
  auto slash = path.rfind('/');
  return slash == path.npos ? std::string_view{} : path.substr(0, slash);
}

/// A text cut and fit for an error message.
std::string shown(std::string_view text);

/// Reads JSON strictly, and YAML and globs as policies do: by the built-ins.
class document_reader {
public:
  /// `memory_max` is of YAML, and of one document.
  explicit document_reader(size_t memory_max = size_t{512} << 20);

  /// The document of a file, YAML by its name; fails with a bundle_error.
  result<value> read(arena& to, const file& f);

  /// Does a glob without separators match, as `glob.match(p, null, t)`?
  bool matches(std::string_view pattern, std::string_view text);

private:
  /// What a query binds x to; good until the next question.
  result<value> ask(const char* query, const value& input);

  const size_t memory_max_;
  arena scratch_;
  policy_ptr none_;
  snapshot_ptr empty_;
  evaluator machine_;
  prepared_ptr query_;
};

/// Reads a manifest; the roots are checked against one another.
result<manifest> read_manifest(const value& v);

/// Reads the operations of a patch.json; what they put stays in its arena.
result<std::vector<operation>> read_patch(const value& v);

} // namespace rego::bundle
