// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// String templates and the literals of strings.

#include <cstdio>

#include "format/writer.hpp"

namespace rego::formatting {

namespace {

// Must the constant at `i` stay an expression? Raw text has no way to write a
// backtick, and a backslash would escape the brace behind it.
bool stays_expression(const term& t, size_t i) {
  auto& text = t.args[i].text;
  return t.truth && t.args[i].is(term_kind::string)
         && (text.find('`') != text.npos
             || (text.ends_with('\\') && i + 1 < t.args.size()
                 && t.args[i + 1].paren));
}

// A brace of the text itself is escaped.
std::string escape_braces(std::string_view s) {
  std::string out;
  for (auto c : s) {
    if (c == '{')
      out += '\\';
    out += c;
  }
  return out;
}

} // namespace

std::string string_literal(std::string_view s) {
  std::string out = "\"";
  for (auto c : s) {
    constexpr std::string_view plain = "\"\\\b\f\n\r\t", names = "\"\\bfnrt";
    auto at = plain.find(c);
    if (at != plain.npos) {
      out += '\\';
      out += names[at];
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      out += code;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

bool writer::write_template(const term& t) {
  bool raw = t.truth, ok = true;
  put(raw ? "$`" : "$\"");
  for (size_t i = 0; i < t.args.size(); ++i) {
    auto& part = t.args[i];
    if (!part.paren) {
      write_template_text(part, raw);
      continue;
    }
    auto before =
        where_.source().find_last_not_of(" \t\r\n", part.where.begin - 1);
    bool comment =
        before != std::string_view::npos && where_.source()[before] != '{';
    // What is a constant anyway becomes text.
    if (is_scalar(part) && !comment && !stays_expression(t, i)) {
      write_template_text(part, raw);
      continue;
    }
    ok &= write_template_part(part);
    if (i + 1 < t.args.size()) {
      auto& next = t.args[i + 1];
      auto row = next.paren ? row_at(next.where.begin) : next.at.row;
      if (!notes_.empty() && notes_.front().at.row < row) {
        end_line();
        put_notes(row);
        begin_line();
      }
    }
    put("}");
    --level_;
  }
  put(raw ? "`" : "\"");
  return ok;
}

// Up to before its closing brace, one level deeper.
bool writer::write_template_part(const term& t) {
  put("{");
  ++level_;
  auto row = row_at(t.where.begin);
  if (line_end_) {
    end_line();
    begin_line();
  } else if (!notes_.empty() && notes_.front().at.row < row) {
    put(" ");
    inline_ = true;
    put_notes(row);
  }
  bool ok = insert_notes(row);
  if (!inline_)
    begin_line();
  bool with = t.is(term_kind::set_compr) && t.infix;
  auto& value = with ? t.body->literals[0].terms[0].args[2] : t;
  ok &=
      value.is(term_kind::call) ? write_call_literal(value) : write_term(value);
  if (with)
    for (auto& w : t.body->literals[0].withs)
      ok &= write_with(w, false);
  return ok;
}

void writer::write_template_text(const term& t, bool raw) {
  if (!t.is(term_kind::string))
    return put(term_text(t));
  if (raw)
    return put(escape_braces(t.text));
  auto text = escape_braces(string_literal(t.text));
  put(std::string_view(text).substr(1, text.size() - 2));
}

} // namespace rego::formatting
