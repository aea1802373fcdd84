// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// YAML in block style as Go's yaml package (version 2) lays it out: scalars in
// the plainest form that reads back the same, and lines folded at the first
// space behind column 80. One emitter a document, one thread.

#include <cstdint>
#include <string_view>

#include "builtins/support.hpp"

namespace rego {

class yaml_emitter {
public:
  explicit yaml_emitter(text_sink& out) : out_(out) {}

  /// How a scalar is to be written where its text allows it.
  enum class form : uint8_t { plain, literal, quoted };
  /// What the scalar stands for: a key on one line neither folds nor breaks.
  enum class place : uint8_t { value, line_key };

  /// Goes to the indent, on a new line unless it is only led to by marks.
  void begin_line(int indent);
  /// "- ", "? " and ": " where a block begins behind them on the same line.
  void block_mark(char mark) { put_mark(mark, true, true); }
  /// The ":" behind a key on one line.
  void colon() { put_mark(':', false, false); }
  void empty(std::string_view brackets);
  /// `indent` is that of the lines after the first.
  void scalar(std::string_view text, form wanted, place at, int indent);

  /// Do only marks stand before this point of the line?
  bool at_block_begin() const { return block_begin_; }

  /// Can a key be written on one line?
  static bool fits_line(std::string_view key);

private:
  void put(std::string_view one_character);
  void put(char ch) { put(std::string_view(&ch, 1)); }
  void put_line_end(std::string_view line_end);
  void put_mark(char mark, bool spaced, bool leads_block);
  void put_escape(char32_t code);
  void put_hints(std::string_view text);
  void plain(std::string_view text, bool folds, int indent);
  void single_quoted(std::string_view text, bool folds, int indent);
  void double_quoted(std::string_view text, bool folds, int indent);
  void literal(std::string_view text, int indent);
  bool is_full() const { return column_ > 80; }

  text_sink& out_;
  int column_ = 0;
  bool spaced_ = true;      // nothing is needed to part the next text
  bool block_begin_ = true; // only marks on the line so far
};

} // namespace rego
