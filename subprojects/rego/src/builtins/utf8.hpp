// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// UTF-8 as Go reads it: a byte that begins no valid sequence counts as one rune
// U+FFFD. Case and classes follow Unicode through the C library's C.UTF-8
// locale. Stateless; any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace rego {

struct rune {
  char32_t code;
  size_t size; // bytes
  bool valid;
};

/// The rune that begins at a position within the text.
rune decode_rune(std::string_view s, size_t at);
void append_rune(std::string& to, char32_t code);

std::u32string to_runes(std::string_view s);
size_t count_runes(std::string_view s);
bool is_valid_utf8(std::string_view s);

char32_t lower_rune(char32_t c);
char32_t upper_rune(char32_t c);
std::string lower_text(std::string_view s);
std::string upper_text(std::string_view s);
/// Unicode White_Space, as Go's unicode.IsSpace.
bool is_space(char32_t c);
/// A letter, a digit or _.
bool is_word(char32_t c);
/// As Go's strconv.IsPrint.
bool is_printable(char32_t c);

inline bool is_ascii(std::string_view s) {
  for (auto c : s)
    if (static_cast<unsigned char>(c) > 127)
      return false;
  return true;
}

} // namespace rego
