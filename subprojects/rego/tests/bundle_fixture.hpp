// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Archives made by hand, and short looks at results.

#include <string>

#include "rego/bundle.hpp"

namespace rego::test {

/// A header of ustar and the content, padded.
std::string tar_entry(const std::string& name, const std::string& content,
                      char type = '0', const std::string& link = "");
std::string tar_end();
std::string gzipped(const std::string& bytes);

/// The first error's message, or nothing.
template <class T>
std::string message_of(const result<T>& r) {
  return r ? "" : r.error_list()[0].message;
}

} // namespace rego::test
