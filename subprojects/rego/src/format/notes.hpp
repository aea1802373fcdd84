// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The comments that are still to be written, in the order of the source.

#include <string>
#include <string_view>
#include <vector>

#include "parser/place.hpp"

namespace rego::formatting {

struct note {
  location at;
  std::string text;     // with the #, without white space behind
  std::string_view raw; // as written
};

class notes {
public:
  notes(const module& m, std::string_view source);

  bool empty() const { return next_ == list_.size(); }
  const note& front() const { return list_[next_]; }
  const note* take() { return &list_[next_++]; }
  /// Those of a row's statements (imports), whatever comes before them.
  const note* take_of_row(int row);
  /// Where the reading stands, to come back to it.
  size_t position() const { return next_; }
  void move_to(size_t position) { next_ = position; }
  /// Whether one stands strictly between two rows.
  bool between(int after, int before) const;
  const std::vector<note>& all() const { return list_; }

private:
  std::vector<note> list_;
  size_t next_ = 0;
};

/// Without white space, of any script, at the end.
std::string_view trim_right(std::string_view s);

/// A comment that begins a block of metadata.
bool begins_metadata(const note& n);

} // namespace rego::formatting
