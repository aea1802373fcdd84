// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lines of words with single spaces between them, as key files have them.

#include <algorithm>
#include <string_view>

namespace acgs::crypto {

/// Takes the word before the next space, and the space; the rest where there
/// is none.
inline std::string_view take_word(std::string_view& from) {
  auto space = std::min(from.find(' '), from.size());
  auto out = from.substr(0, space);
  from.remove_prefix(std::min(space + 1, from.size()));
  return out;
}

} // namespace acgs::crypto
