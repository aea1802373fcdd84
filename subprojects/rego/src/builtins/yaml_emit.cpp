// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/yaml_emit.hpp"

#include <cstdio>

#include "builtins/utf8.hpp"

namespace rego {

namespace {

// The line ends of YAML 1.1.
bool ends_line(char32_t c) {
  return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

// What may stand in a YAML text as it is.
bool stands_unescaped(char32_t c) {
  return c == '\n' || (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF)
         || (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF);
}

// The forms that a text can be written in.
struct allowed_forms {
  bool plain = true, single_quoted = true, literal = true;
  bool has_lines = false;
};

// A character that would be taken for syntax in a plain text.
bool is_syntax(std::string_view s, size_t at, bool blank_before) {
  bool blank_behind =
      at + 1 >= s.size() || s[at + 1] == ' ' || s[at + 1] == '\t';
  if (at > 0)
    return (s[at] == ':' && blank_behind) || (s[at] == '#' && blank_before);
  if (std::string_view("?:-").find(s[0]) != std::string_view::npos)
    return blank_behind;
  return std::string_view("#,[]{}&*!|>'\"%@`").find(s[0])
         != std::string_view::npos;
}

allowed_forms forms_of(std::string_view s) {
  allowed_forms out;
  bool space_before = false, line_end_before = false, blank_before = true;
  bool special = false, line_after_space = false, space_after_line = false;
  if (s.starts_with("---") || s.starts_with("..."))
    out.plain = false;
  for (size_t i = 0; i < s.size();) {
    auto [code, size, valid] = decode_rune(s, i);
    bool space = code == ' ', line_end = ends_line(code);
    bool outermost = i == 0 || i + size == s.size();
    if (is_syntax(s, i, blank_before) || (outermost && space))
      out.plain = false;
    if (space && i + size == s.size())
      out.literal = false;
    special |= !stands_unescaped(code);
    line_after_space |= line_end && space_before;
    space_after_line |= space && line_end_before;
    out.has_lines |= line_end;
    space_before = space;
    line_end_before = line_end;
    blank_before = space || line_end || code == '\t' || code == 0;
    i += size;
  }
  if (special || line_after_space)
    out.plain = out.single_quoted = out.literal = false;
  if (space_after_line)
    out.single_quoted = false;
  if (out.has_lines)
    out.plain = false;
  return out;
}

bool space_follows(std::string_view s, size_t at) {
  return at + 1 < s.size() && s[at + 1] == ' ';
}

// The letter of a short escape; 0 where there is none.
char escape_letter(char32_t code) {
  switch (code) {
  case 0x85:
    return 'N';
  case 0xA0:
    return '_';
  case 0x2028:
    return 'L';
  case 0x2029:
    return 'P';
  case 0:
    return '0';
  }
  constexpr std::string_view from = "\a\b\t\n\v\f\r\x1b\"\\",
                             to = "abtnvfre\"\\";
  auto at =
      code < 128 ? from.find(static_cast<char>(code)) : std::string_view::npos;
  return at == std::string_view::npos ? 0 : to[at];
}

} // namespace

bool yaml_emitter::fits_line(std::string_view key) {
  return key.size() <= 128 && !forms_of(key).has_lines;
}

void yaml_emitter::put(std::string_view one_character) {
  out_.put(one_character);
  ++column_;
}

void yaml_emitter::put_line_end(std::string_view line_end) {
  out_.put(line_end);
  column_ = 0;
}

void yaml_emitter::put_mark(char mark, bool spaced, bool leads_block) {
  if (spaced && !spaced_)
    put(' ');
  put(mark);
  spaced_ = false;
  block_begin_ &= leads_block;
}

void yaml_emitter::begin_line(int indent) {
  if (!block_begin_ || column_ > indent || (column_ == indent && !spaced_))
    put_line_end("\n");
  while (column_ < indent)
    put(' ');
  spaced_ = block_begin_ = true;
}

void yaml_emitter::empty(std::string_view brackets) {
  put_mark(brackets[0], true, false);
  put_mark(brackets[1], false, false);
}

void yaml_emitter::scalar(std::string_view text, form wanted, place at,
                          int indent) {
  auto allowed = forms_of(text);
  bool folds = at == place::value;
  if (wanted == form::literal && folds && allowed.literal)
    return literal(text, indent);
  bool breaks = !folds && allowed.has_lines;
  if (wanted != form::plain || breaks)
    double_quoted(text, folds, indent);
  else if (allowed.plain)
    plain(text, folds, indent);
  else if (allowed.single_quoted)
    single_quoted(text, folds, indent);
  else
    double_quoted(text, folds, indent);
  spaced_ = block_begin_ = false;
}

void yaml_emitter::plain(std::string_view s, bool folds, int indent) {
  if (!spaced_)
    put(' ');
  bool in_spaces = false;
  for (size_t i = 0; i < s.size();) {
    auto size = decode_rune(s, i).size;
    bool space = s[i] == ' ';
    if (space && folds && !in_spaces && is_full() && !space_follows(s, i))
      begin_line(indent);
    else
      put(s.substr(i, size));
    if (!space)
      block_begin_ = false;
    in_spaces = space;
    i += size;
  }
}

void yaml_emitter::single_quoted(std::string_view s, bool folds, int indent) {
  put_mark('\'', true, false);
  bool in_spaces = false, in_line_ends = false;
  for (size_t i = 0; i < s.size();) {
    auto [code, size, valid] = decode_rune(s, i);
    bool space = code == ' ', line_end = ends_line(code);
    bool inner = i > 0 && i + 1 < s.size();
    if (line_end) {
      put_line_end(s.substr(i, size));
      block_begin_ = true;
    } else if (space && folds && !in_spaces && is_full() && inner
               && !space_follows(s, i)) {
      begin_line(indent);
    } else {
      if (in_line_ends)
        begin_line(indent);
      if (code == '\'')
        put('\'');
      put(s.substr(i, size));
      if (!space)
        block_begin_ = false;
    }
    in_line_ends = line_end;
    in_spaces = space;
    i += size;
  }
  put_mark('\'', false, false);
}

void yaml_emitter::put_escape(char32_t code) {
  put('\\');
  if (auto letter = escape_letter(code))
    return put(letter);
  char hex[16];
  std::snprintf(hex, sizeof hex,
                code < 0x100     ? "x%02X"
                : code < 0x10000 ? "u%04X"
                                 : "U%08X",
                static_cast<unsigned>(code));
  for (auto* at = hex; *at; ++at)
    put(*at);
}

void yaml_emitter::double_quoted(std::string_view s, bool folds, int indent) {
  put_mark('"', true, false);
  // Go's package takes every character for the mark that the text begins with.
  bool all = s.starts_with("\xEF\xBB\xBF");
  bool in_spaces = false;
  for (size_t i = 0; i < s.size();) {
    auto [code, size, valid] = decode_rune(s, i);
    bool inner = i > 0 && i + 1 < s.size();
    bool space = code == ' ' && !all;
    if (all || !stands_unescaped(code) || ends_line(code) || code == '"'
        || code == '\\') {
      put_escape(code);
    } else if (space && folds && !in_spaces && is_full() && inner) {
      begin_line(indent);
      if (space_follows(s, i))
        put('\\');
    } else {
      put(s.substr(i, size));
    }
    in_spaces = space;
    i += size;
  }
  put_mark('"', false, false);
}

// Of a literal block: its indent where the text's first line has none to tell
// it by, and whether line ends at its end count.
void yaml_emitter::put_hints(std::string_view s) {
  auto first = decode_rune(s, 0).code;
  if (first == ' ' || ends_line(first))
    put_mark('2', false, false);
  size_t line_ends = 0;
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    line_ends = ends_line(r.code) ? line_ends + 1 : 0;
    i += r.size;
  }
  bool only = line_ends == 1 && ends_line(first) && count_runes(s) == 1;
  if (line_ends == 0)
    put_mark('-', false, false);
  else if (line_ends > 1 || only)
    put_mark('+', false, false);
}

void yaml_emitter::literal(std::string_view s, int indent) {
  put_mark('|', true, false);
  put_hints(s);
  put_line_end("\n");
  spaced_ = block_begin_ = true;
  bool new_line = true;
  for (size_t i = 0; i < s.size();) {
    auto [code, size, valid] = decode_rune(s, i);
    if (ends_line(code)) {
      put_line_end(s.substr(i, size));
      block_begin_ = new_line = true;
    } else {
      if (new_line)
        begin_line(indent);
      put(s.substr(i, size));
      block_begin_ = new_line = false;
    }
    i += size;
  }
}

} // namespace rego
