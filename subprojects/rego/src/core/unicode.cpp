// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "core/unicode.hpp"

namespace rego {

std::string repair_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  auto* end = text.data() + text.size();
  auto* valid = text.data(); // begin of the characters not yet taken over
  for (auto* p = valid; p < end;) {
    char32_t c = 0;
    if (auto* behind = read_utf8(p, end, c)) {
      p = behind;
      continue;
    }
    out.append(valid, p).append("\xEF\xBF\xBD");
    valid = ++p;
  }
  return out.append(valid, end);
}

} // namespace rego
