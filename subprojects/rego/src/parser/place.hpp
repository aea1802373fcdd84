// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a node stands in its source and what it was written as; the layout is
// decided by comparing rows. Values that view the source.

#include <algorithm>
#include <string_view>

#include "parser/ast.hpp"

namespace rego {

struct place {
  int row = 0;
  int col = 0;
  uint32_t offset = 0;
  std::string_view text;

  /// The row of its last character.
  int end_row() const {
    return row + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  }
  bool in_parentheses() const { return !text.empty() && text[0] == '('; }
};

/// The places of nodes in one source.
class places {
public:
  explicit places(std::string_view source) : source_(source) {}

  std::string_view text(const extent& e) const {
    return e.begin < e.end && e.end <= source_.size()
               ? source_.substr(e.begin, e.end - e.begin)
               : std::string_view();
  }
  place of(const location& at, const extent& e) const {
    return {at.row, at.col, at.offset, text(e)};
  }
  place of(const term& t) const { return of(t.at, t.where); }
  place of(const with_modifier& w) const { return of(w.at, w.where); }
  /// Literals and rules hold their text themselves.
  static place of(const expr& e) {
    return {e.at.row, e.at.col, e.at.offset, e.text};
  }
  static place of(const rule& r) {
    return {r.at.row, r.at.col, r.at.offset, r.text};
  }
  std::string_view source() const { return source_; }

private:
  std::string_view source_;
};

/// A pair of brackets.
struct brackets {
  char open = 0;
  char close = 0;
};

/// The row where the first `b` in a text closes; -1 where it does not. With
/// `skip`, the first of those is passed over before.
int closing_row(const place& p, brackets b, brackets skip = {});

} // namespace rego
