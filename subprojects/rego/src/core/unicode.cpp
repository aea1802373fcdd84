// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "core/unicode.hpp"

namespace rego {

std::string repair_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  auto* end = text.data() + text.size();
  for (auto* p = text.data(); p < end;) {
    char32_t c = 0;
    auto* behind = read_utf8(p, end, c);
    if (behind)
      out.append(p, behind);
    else
      out.append("\xEF\xBF\xBD");
    p = behind ? behind : p + 1;
  }
  return out;
}

} // namespace rego
