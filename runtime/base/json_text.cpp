// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/json_text.hpp"

#include <cstdint>
#include <cstdio>
#include <cstring>

namespace acgs {

namespace {

struct lead_byte {
  std::size_t length; // of the sequence; 0: not a lead byte
  unsigned char low;  // least and greatest second byte (Unicode, table 3-7)
  unsigned char high;
};

lead_byte classify(unsigned char c) {
  if (c >= 0xc2 && c <= 0xdf)
    return {2, 0x80, 0xbf};
  if (c >= 0xe0 && c <= 0xef)
    return {3, static_cast<unsigned char>(c == 0xe0 ? 0xa0 : 0x80),
            static_cast<unsigned char>(c == 0xed ? 0x9f : 0xbf)};
  if (c >= 0xf0 && c <= 0xf4)
    return {4, static_cast<unsigned char>(c == 0xf0 ? 0x90 : 0x80),
            static_cast<unsigned char>(c == 0xf4 ? 0x8f : 0xbf)};
  return {0, 0, 0};
}

/// Bytes of the well-formed sequence at the front; 0 where there is none.
std::size_t sequence_length(std::string_view text) {
  auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  auto lead = classify(at(0));
  if (lead.length == 0 || lead.length > text.size() || at(1) < lead.low
      || at(1) > lead.high)
    return 0;
  for (std::size_t i = 2; i < lead.length; ++i)
    if ((at(i) & 0xc0) != 0x80)
      return 0;
  return lead.length;
}

void append_escaped(std::string& out, char c) {
  switch (c) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    char code[8];
    std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned char>(c));
    out += code;
  }
}

bool is_plain(char c) {
  auto u = static_cast<unsigned char>(c);
  return u >= 0x20 && u < 0x7f && c != '"' && c != '\\';
}

unsigned hex_value(char c) {
  auto digit = static_cast<unsigned>(c - '0');
  return digit < 10 ? digit : static_cast<unsigned>((c | 0x20) - 'a') + 10;
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xc0 | code >> 6));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | code >> 12));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else {
    out.push_back(static_cast<char>(0xf0 | code >> 18));
    out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  }
}

unsigned four_digits(std::string_view text) {
  unsigned out = 0;
  for (char c : text.substr(0, 4))
    out = out * 16 + hex_value(c);
  return out;
}

} // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain]))
      ++plain;
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty())
      break;
    std::size_t taken = 1;
    if (static_cast<unsigned char>(text.front()) < 0x80)
      append_escaped(out, text.front());
    else if (taken = sequence_length(text); taken > 0)
      out += text.substr(0, taken);
    else {
      out += "\\ufffd";
      taken = 1;
    }
    text.remove_prefix(taken);
  }
  out += '"';
}

std::size_t utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight;
    if (at + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    auto taken = static_cast<unsigned char>(text[at]) < 0x80
                     ? std::size_t{1}
                     : sequence_length(text.substr(at));
    if (taken == 0)
      break;
    at += taken;
  }
  return at;
}

std::string unescape_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out.push_back(text[i]);
      continue;
    }
    char c = text[++i];
    if (c != 'u') {
      constexpr std::string_view from = "bfnrt", to = "\b\f\n\r\t";
      auto which = from.find(c);
      out.push_back(which == std::string_view::npos ? c : to[which]);
      continue;
    }
    auto code = four_digits(text.substr(i + 1));
    i += 4;
    if (code >= 0xd800 && code < 0xdc00 && text.substr(i + 1, 2) == "\\u") {
      auto low = four_digits(text.substr(i + 3));
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i += 6;
      }
    }
    append_utf8(out, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
  }
  return out;
}

} // namespace acgs
