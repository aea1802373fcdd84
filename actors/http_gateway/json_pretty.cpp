// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/json_pretty.hpp"

namespace acgs::http_gateway {

namespace {

void new_line(std::string& out, unsigned depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

/// Copies the string that begins at `i`; `i` is left at its closing quote.
void copy_string(std::string& out, std::string_view text, std::size_t& i) {
  auto from = i++;
  for (; i < text.size() && text[i] != '"'; ++i)
    if (text[i] == '\\')
      ++i;
  out += text.substr(from, i - from + 1);
}

/// Whether the bracket at `i` closes at once; `i` is then left there.
bool is_empty(std::string_view text, std::size_t& i) {
  auto next = text.find_first_not_of(" \t\r\n", i + 1);
  if (next == std::string_view::npos
      || (text[next] != '}' && text[next] != ']'))
    return false;
  i = next;
  return true;
}

} // namespace

std::string pretty_json(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 2);
  unsigned depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
      break;
    case '"':
      copy_string(out, text, i);
      break;
    case '{':
    case '[':
      out += c;
      if (is_empty(text, i))
        out += text[i];
      else
        new_line(out, ++depth);
      break;
    case '}':
    case ']':
      new_line(out, --depth);
      out += c;
      break;
    case ',':
      out += c;
      new_line(out, depth);
      break;
    case ':':
      out += ": ";
      break;
    default:
      out += c;
    }
  }
  return out += '\n';
}

} // namespace acgs::http_gateway
