// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a text becomes that is written as JSON and read as YAML, on the way that
// Go's library takes to write YAML: YAML refuses some of what JSON allows. One
// a document, its texts in order; one thread.

#include <cstddef>
#include <string>

namespace rego {

class yaml_rereader {
public:
  /// False, here and below, with `error` set.
  bool text(std::string& s);
  bool key(std::string& s);

  std::string error;

private:
  bool fail(size_t line, const char* what);
  bool fold(std::string& s);
  size_t line_ = 0; // of the document, from 0
};

} // namespace rego
