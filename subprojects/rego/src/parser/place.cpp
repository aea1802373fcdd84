// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "parser/place.hpp"

namespace rego {

namespace {

// From the first opening bracket at or behind `i` to the one that closes it,
// counting the lines between them; false where the text ends before.
bool pass(std::string_view text, brackets b, size_t& i, int& rows) {
  i = std::min(text.find(b.open, i), text.size());
  for (int depth = 1; depth > 0;) {
    if (++i >= text.size())
      return false;
    if (text[i] == b.open)
      ++depth;
    else if (text[i] == b.close)
      --depth;
    else if (text[i] == '\n')
      ++rows;
  }
  return true;
}

} // namespace

int closing_row(const place& p, brackets b, brackets skip) {
  size_t i = 0;
  int rows = 0;
  if (skip.open)
    pass(p.text, skip, i, rows);
  return pass(p.text, b, i, rows) ? p.row + rows : -1;
}

} // namespace rego
