// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/yaml_reread.hpp"

#include <algorithm>

#include "builtins/utf8.hpp"

namespace rego {

namespace {

// JSON writes those below a space as escapes.
bool json_control(char32_t c) {
  return (c >= 0x7F && c <= 0x9F && c != 0x85) || c == 0xFFFE || c == 0xFFFF;
}

// The characters that Go's JSON encoder writes for one.
size_t json_size(const rune& r) {
  auto c = r.code;
  if (c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v'))
    return 2;
  bool escape = c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028
                || c == 0x2029 || !r.valid;
  return escape ? 6 : 1;
}

constexpr std::string_view line_separator = "\xC2\x85";

} // namespace

bool yaml_rereader::fail(size_t line, const char* what) {
  error = "yaml: ";
  if (line > 0)
    error += "line " + std::to_string(line) + ": ";
  error += what;
  return false;
}

// Lines end at U+0085, and fold: blanks around the end go, and of several ends
// in a row the first.
bool yaml_rereader::fold(std::string& s) {
  std::string out;
  for (size_t i = 0; i < s.size();) {
    auto end = std::min(s.find_first_not_of(' ', i), s.size());
    if (s.compare(end, line_separator.size(), line_separator) != 0) {
      end += end == i;
      out.append(s, i, end - i);
      i = end;
      continue;
    }
    size_t line_ends = 0;
    bool at_margin = false;
    for (i = end; i < s.size();) {
      bool ends = s.compare(i, line_separator.size(), line_separator) == 0;
      if (!ends && s[i] != ' ')
        break;
      at_margin = ends;
      line_ends += ends;
      i += ends ? line_separator.size() : 1;
    }
    line_ += line_ends;
    out.append(line_ends > 1 ? line_ends - 1 : 1, line_ends > 1 ? '\n' : ' ');
    auto begin = std::string_view(s).substr(i, 3);
    if (at_margin && (begin == "---" || begin == "...")
        && (s.compare(i + 3, 1, " ") == 0
            || s.compare(i + 3, line_separator.size(), line_separator) == 0))
      return fail(line_ + 1, "found unexpected document indicator");
  }
  s = std::move(out);
  return true;
}

bool yaml_rereader::text(std::string& s) {
  if (!is_valid_utf8(s)) {
    std::string valid;
    for (auto c : to_runes(s))
      append_rune(valid, c);
    s = std::move(valid);
  }
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    if (json_control(r.code))
      return fail(0, "control characters are not allowed");
    i += r.size;
  }
  return s.find(line_separator) == std::string::npos || fold(s);
}

// A key stands on one line and ends within 1024 characters: behind one that
// does not YAML finds its colon unexpected.
bool yaml_rereader::key(std::string& s) {
  size_t size = 2;
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    size += json_size(r);
    i += r.size;
  }
  auto begin = line_;
  if (!text(s))
    return false;
  return (line_ == begin && size <= 1024)
         || fail(line_, "did not find expected ',' or '}'");
}

} // namespace rego
