// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The least of Unicode that reading text takes: a code point as UTF-8, and the
// escapes that JSON and Rego share. Stateless; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace rego {

/// The digit's value, or -1.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  c = static_cast<char>(c | 32);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Writes a code point up to U+10FFFF, 1 to 4 bytes; returns what is behind it.
inline char* put_utf8(char* out, char32_t c) {
  auto put = [&](char32_t b) { *out++ = static_cast<char>(b); };
  auto tail = [&](int shift) { put(0x80 | (c >> shift & 63)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    put(0xF0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
  return out;
}

/// The character in UTF-8 at p, which is before end; null where there is none,
/// else what is behind it.
inline const char* read_utf8(const char* p, const char* end, char32_t& c) {
  auto first = static_cast<unsigned char>(*p);
  c = first;
  if (first < 0x80)
    return p + 1;
  auto n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || end - p < n)
    return nullptr;
  c = first & (0x7Fu >> n);
  for (int i = 1; i < n; ++i) {
    auto next = static_cast<unsigned char>(p[i]);
    if ((next & 0xC0) != 0x80)
      return nullptr;
    c = c << 6 | (next & 0x3F);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  bool whole = c >= least[n] && c <= 0x10FFFF && (c < 0xD800 || c >= 0xE000);
  return whole ? p + n : nullptr;
}

/// The text with each byte that belongs to no character replaced by U+FFFD.
std::string repair_utf8(std::string_view text);

/// The four hexadecimal digits at p as a UTF-16 code unit; null where they are
/// none, else what is behind them.
inline const char* read_code_unit(const char* p, const char* end, char32_t& c) {
  if (end - p < 4)
    return nullptr;
  c = 0;
  for (int i = 0; i < 4; ++i) {
    int d = hex_digit(*p++);
    if (d < 0)
      return nullptr;
    c = c << 4 | static_cast<char32_t>(d);
  }
  return p;
}

/// The code point of an escape whose "\u" ends at p, with the second escape of
/// a surrogate pair. A lone surrogate is U+FFFD, as in Go. Null where it is no
/// escape, else what is behind it.
inline const char* read_unicode_escape(const char* p, const char* end,
                                       char32_t& c) {
  p = read_code_unit(p, end, c);
  if (!p || c < 0xD800 || c >= 0xE000)
    return p;
  char32_t low = 0;
  auto* behind = c < 0xDC00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u'
                     ? read_code_unit(p + 2, end, low)
                     : nullptr;
  if (behind && low >= 0xDC00 && low < 0xE000) {
    c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    return behind;
  }
  c = 0xFFFD;
  return p;
}

} // namespace rego
