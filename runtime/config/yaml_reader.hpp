// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The YAML of a configuration, read as a stream of events into a flat list.
// Only its shape is checked here: sections of keys, each a scalar, a list of
// scalars or a map of scalars. No anchors, aliases, tags or second documents,
// so that a small file cannot unfold into a large one.

#include "runtime/base/error.hpp"
#include "runtime/config/key.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace acgs::config {

/// Bound of a configuration's text.
inline constexpr std::size_t yaml_bytes_max = 256 * 1024;

struct yaml_entry {
  std::string name; ///< "section.key"; "section" where it holds no keys
  raw_value value;
  int line = 0;          ///< from 1
  bool is_value = false; ///< it stands where a section's keys should
};

/// Fails with `invalid_argument` or `too_large`; the sentence begins with
/// `source` and the line.
result<std::vector<yaml_entry>> read_yaml(std::string_view text,
                                          const std::string& source);

} // namespace acgs::config
