// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include "merkle/base64.hpp"

#include <algorithm>
#include <charconv>

namespace merkle::detail {

namespace {

/// Reads one code point off the front; nothing where it is not valid UTF-8.
std::optional<char32_t> take_code_point(std::string_view& text) noexcept {
  auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    text.remove_prefix(1);
    return lead;
  }
  std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length)
    return std::nullopt;
  char32_t point = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80)
      return std::nullopt;
    point = point << 6 | (next & 0x3fU);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < least[length] || point > 0x10ffff
      || (point >= 0xd800 && point <= 0xdfff))
    return std::nullopt;
  text.remove_prefix(length);
  return point;
}

/// Unicode's White_Space property.
bool is_space(char32_t c) noexcept {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0
         || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028
         || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

} // namespace

std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept {
  if (text.empty() || (text.size() > 1 && text.front() == '0'))
    return std::nullopt;
  std::uint64_t value = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end)
    return std::nullopt;
  return value;
}

std::optional<std::string_view> take_line(std::string_view& text) noexcept {
  auto end = text.find('\n');
  if (end == text.npos)
    return std::nullopt;
  auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<hash> parse_hash(std::string_view text) {
  auto decoded = base64_decode(text);
  if (!decoded || decoded->size() != sizeof(hash))
    return std::nullopt;
  hash out;
  std::copy(decoded->begin(), decoded->end(), out.begin());
  return out;
}

bool is_note_text(std::string_view text) noexcept {
  while (!text.empty()) {
    auto point = take_code_point(text);
    if (!point || (*point < 0x20 && *point != '\n'))
      return false;
  }
  return true;
}

bool is_key_name(std::string_view name) noexcept {
  if (name.empty())
    return false;
  while (!name.empty()) {
    auto point = take_code_point(name);
    if (!point || *point < 0x20 || *point == '+' || is_space(*point))
      return false;
  }
  return true;
}

} // namespace merkle::detail
