// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/utf8.hpp"

#include <clocale>
#include <cwctype>

#include "core/unicode.hpp"

namespace rego {

namespace {

// Held for the life of the process.
locale_t unicode() {
  static const locale_t l = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return l;
}

} // namespace

rune decode_rune(std::string_view s, size_t at) {
  if (at >= s.size())
    return {0, 1, true};
  auto* from = s.data() + at;
  char32_t code = 0;
  auto* behind = read_utf8(from, s.data() + s.size(), code);
  if (!behind)
    return {0xFFFD, 1, false};
  return {code, static_cast<size_t>(behind - from), true};
}

void append_rune(std::string& to, char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
    c = 0xFFFD;
  char bytes[4];
  to.append(bytes, put_utf8(bytes, c));
}

std::u32string to_runes(std::string_view s) {
  std::u32string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    out += r.code;
    i += r.size;
  }
  return out;
}

size_t count_runes(std::string_view s) {
  size_t n = 0;
  for (size_t i = 0; i < s.size(); ++n)
    i += decode_rune(s, i).size;
  return n;
}

bool is_valid_utf8(std::string_view s) {
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    if (!r.valid)
      return false;
    i += r.size;
  }
  return true;
}

char32_t lower_rune(char32_t c) {
  if (c < 128)
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  if (c == 0x130) // the C library leaves it to Turkish locales
    return 'i';
  return unicode() ? static_cast<char32_t>(towlower_l(c, unicode())) : c;
}

char32_t upper_rune(char32_t c) {
  if (c < 128)
    return c >= 'a' && c <= 'z' ? c - 32 : c;
  return unicode() ? static_cast<char32_t>(towupper_l(c, unicode())) : c;
}

namespace {

std::string mapped(std::string_view s, char32_t (*f)(char32_t)) {
  std::string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    append_rune(out, f(r.code));
    i += r.size;
  }
  return out;
}

} // namespace

std::string lower_text(std::string_view s) {
  return mapped(s, lower_rune);
}
std::string upper_text(std::string_view s) {
  return mapped(s, upper_rune);
}

bool is_space(char32_t c) {
  return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0
         || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028
         || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_word(char32_t c) {
  if (c < 128)
    return c == '_' || (c >= '0' && c <= '9')
           || ((c | 32) >= 'a' && (c | 32) <= 'z');
  return unicode() && iswalnum_l(c, unicode());
}

bool is_printable(char32_t c) {
  if (c < 128)
    return c >= 32 && c < 127;
  if (c < 0xA1 || c == 0xAD || is_space(c))
    return false;
  if (c == 0x200B || (c >= 0x200C && c <= 0x200F)
      || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F)
      || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFB)
      || (c >= 0xE000 && c <= 0xF8FF) || c >= 0xE0000)
    return false;
  return !unicode() || iswprint_l(c, unicode());
}

} // namespace rego
