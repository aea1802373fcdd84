// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/base64.hpp"

#include <algorithm>

namespace rego {

namespace {

int sextet(char c, bool url) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == (url ? '-' : '+'))
    return 62;
  return c == (url ? '_' : '/') ? 63 : -1;
}

bool line_break(char c) {
  return c == '\n' || c == '\r';
}

// After the text's data: one or two '=' that fill the quantum, then nothing.
std::optional<size_t> check_padding(std::string_view s, size_t at,
                                    size_t have) {
  // `at` is just behind the first '='.
  if (have < 2)
    return at - 1;
  if (have == 2) {
    while (at < s.size() && line_break(s[at]))
      ++at;
    if (at == s.size())
      return s.size();
    if (s[at] != '=')
      return at;
    ++at;
  }
  while (at < s.size() && line_break(s[at]))
    ++at;
  return at < s.size() ? std::optional(at) : std::nullopt;
}

} // namespace

base64_result base64_decode(std::string_view s, base64_form form) {
  base64_result out;
  uint32_t bits = 0;
  size_t have = 0, at = 0;
  while (at < s.size()) {
    char c = s[at++];
    if (line_break(c))
      continue;
    int v = sextet(c, form != base64_form::standard);
    if (v >= 0) {
      bits = bits << 6 | static_cast<uint32_t>(v);
      if (++have < 4)
        continue;
      for (int shift = 16; shift >= 0; shift -= 8)
        out.bytes += static_cast<char>(bits >> shift);
      bits = 0;
      have = 0;
      continue;
    }
    out.bad = c == '=' && form != base64_form::url_raw
                  ? check_padding(s, at, have)
                  : std::optional(at - 1);
    break;
  }
  bool padded = at > 0 && s[at - 1] == '=' && !out.bad;
  if (!out.bad && have > 0 && !padded
      && (have == 1 || form != base64_form::url_raw))
    out.bad = s.size() - have;
  if (out.bad)
    return out;
  if (have >= 2)
    out.bytes += static_cast<char>(bits >> (have == 2 ? 4 : 10));
  if (have == 3)
    out.bytes += static_cast<char>(bits >> 2);
  return out;
}

std::string base64_encode(std::string_view s, base64_form form) {
  auto* letters = form == base64_form::standard
                      ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789+/"
                      : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789-_";
  std::string out;
  out.reserve((s.size() + 2) / 3 * 4);
  for (size_t i = 0; i < s.size(); i += 3) {
    uint32_t bits = 0;
    for (size_t k = 0; k < 3; ++k)
      bits = bits << 8
             | (i + k < s.size() ? static_cast<unsigned char>(s[i + k]) : 0u);
    auto n = std::min<size_t>(s.size() - i, 3) + 1;
    for (size_t k = 0; k < n; ++k)
      out += letters[bits >> (18 - 6 * k) & 63];
    if (form != base64_form::url_raw)
      out.append(4 - n, '=');
  }
  return out;
}

std::string base64_error(size_t at) {
  return "illegal base64 data at input byte " + std::to_string(at);
}

std::string hex_encode(std::string_view bytes) {
  std::string out;
  for (auto c : bytes) {
    auto b = static_cast<unsigned char>(c);
    out += "0123456789abcdef"[b >> 4];
    out += "0123456789abcdef"[b & 15];
  }
  return out;
}

} // namespace rego
