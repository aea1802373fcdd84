// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "lexer/lexer.hpp"

#include <cctype>
#include <cstdint>

#include "core/unicode.hpp"

namespace rego {

namespace {

bool is_letter(char c) {
  return c == '_' || std::isalpha(static_cast<unsigned char>(c));
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class scanner {
public:
  scanner(std::string_view text, std::string_view file)
      : text_(text), file_(file) {}
  scanner(std::string_view text, std::string_view file, const location& from)
      : text_(text), file_(file), at_(from), line_(false), part_(true) {}

  result<lexed> run() {
    if (text_.size() > UINT32_MAX / 2)
      return fail("the module is too large");
    if (!part_ && text_.substr(0, 3) == "\xef\xbb\xbf")
      at_.offset = 3;
    if (!part_) // the whole template has been looked at
      find_illegal();
    for (;;) {
      skip_space();
      if (at_.offset > illegal_) // in a comment
        return refuse(out_.comments.back().at, {illegal_what_});
      if (done() || (part_ && braces_ == 0 && peek() == '}')) {
        if (part_ && done())
          return fail("unterminated template expression");
        push_end();
        return std::move(out_);
      }
      braces_ += peek() == '{' ? 1 : peek() == '}' ? -1 : 0;
      auto from = at_;
      if (!scan_token())
        return refuse(from, at_.offset >= illegal_ ? std::vector{illegal_what_}
                                                   : std::move(wrong_));
      if (at_.offset > illegal_) {
        out_.tokens.pop_back();
        return refuse(from, {illegal_what_});
      }
    }
  }

private:
  bool done() const { return at_.offset >= text_.size(); }
  char peek(size_t n = 0) const {
    return at_.offset + n < text_.size() ? text_[at_.offset + n] : '\0';
  }
  void next() { step(at_, text_[at_.offset]); }

  result<lexed> fail(std::string what) const {
    return error{"rego_parse_error", std::move(what), std::string(file_),
                 at_.row, at_.col};
  }
  result<lexed> refuse(const location& from, std::vector<std::string> what) {
    std::erase(what, ""); // of a sign that is none of Rego's
    out_.problems = std::move(what);
    push(tok::illegal, from);
    push_end();
    return std::move(out_);
  }

  // OPA counts no column for the end of a text: it has that of the last sign.
  void push_end() {
    auto at = at_;
    if (done() && at.col > 0)
      --at.col;
    push(tok::end, at);
  }

  // The first thing that stands nowhere in Rego, not even in a comment.
  void find_illegal() {
    auto* p = text_.data() + at_.offset;
    auto* end = text_.data() + text_.size();
    while (p < end && illegal_what_.empty()) {
      char32_t c = 0;
      auto* behind = read_utf8(p, end, c);
      if (behind && c != 0 && c != 0xFEFF) {
        p = behind;
        continue;
      }
      illegal_ = static_cast<size_t>(p - text_.data());
      illegal_what_ = !behind  ? "illegal utf-8 character"
                      : c == 0 ? "illegal null character"
                               : "illegal byte-order mark";
    }
  }

  bool bad(std::string what) {
    wrong_.push_back(std::move(what));
    return false;
  }

  void push(tok type, const location& from) {
    out_.tokens.push_back({type,
                           text_.substr(from.offset, at_.offset - from.offset),
                           from, space_, line_});
    space_ = line_ = false;
  }

  void skip_space() {
    while (!done()) {
      auto c = peek();
      if (c == '\n') {
        line_ = space_ = true;
        next();
      } else if (c == ' ' || c == '\t' || c == '\r') {
        space_ = true;
        next();
      } else if (c == '#') {
        space_ = true;
        scan_comment();
      } else {
        return;
      }
    }
  }

  void scan_comment() {
    auto from = at_;
    while (!done() && peek() != '\n')
      next();
    auto body = text_.substr(from.offset + 1, at_.offset - from.offset - 1);
    if (!body.empty() && body.back() == '\r')
      body.remove_suffix(1);
    out_.comments.push_back({body, from, line_ || out_.tokens.empty()});
  }

  bool scan_token() {
    auto from = at_;
    auto c = peek();
    if (is_letter(c)) {
      while (is_letter(peek()) || is_digit(peek()))
        next();
      push(tok::identifier, from);
      return true;
    }
    if (is_digit(c))
      return scan_number(from);
    if (c == '"')
      return scan_string(from, tok::string);
    if (c == '`')
      return scan_raw(from, tok::raw_string);
    if (c == '$' && (peek(1) == '"' || peek(1) == '`')) {
      next();
      return scan_template(from);
    }
    return scan_symbol(from);
  }

  bool scan_number(const location& from) {
    auto digits = [&] {
      while (is_digit(peek()))
        next();
    };
    digits();
    if (peek() == '.') {
      next();
      if (!is_digit(peek()))
        bad("expected fraction");
      digits();
    }
    if ((peek() | 32) == 'e') {
      next();
      if (peek() == '+' || peek() == '-')
        next();
      if (!is_digit(peek()))
        bad("expected exponent");
      digits();
    }
    if (is_letter(peek()))
      bad("illegal number format");
    if (!wrong_.empty())
      return false;
    push(tok::number, from);
    return true;
  }

  bool scan_string(const location& from, tok type) {
    next();
    for (;; next()) {
      if (done() || peek() == '\n')
        return bad("non-terminated string");
      if (peek() == '"')
        break;
      if (peek() == '\\') {
        next();
        if (done())
          return bad("non-terminated string");
        bool escapes_unicode = peek() == 'u';
        if (std::string_view("\"\\/bfnrtu").find(peek())
            == std::string_view::npos)
          return bad("illegal escape sequence");
        // Whatever the first three of four digits are.
        for (int i = 0; peek() && peek(1) && i < (escapes_unicode ? 3 : 0); ++i)
          next();
      }
    }
    next();
    push(type, from);
    return true;
  }

  bool scan_raw(const location& from, tok type) {
    next();
    while (!done() && peek() != '`')
      next();
    if (done())
      return bad("non-terminated string");
    next();
    push(type, from);
    return true;
  }

  bool scan_template(const location& from) {
    if (!skip_template(0))
      return false;
    push(tok::template_string, from);
    return true;
  }

  // From the opening quote to behind the closing one.
  bool skip_template(int depth) {
    auto quote = peek();
    next();
    while (!done() && peek() != quote) {
      auto c = peek();
      if (c == '\n' && quote == '"')
        break;
      bool escape = c == '\\' && (quote == '"' || peek(1) == '{');
      next();
      if (escape && !done())
        next();
      if (c == '{' && !skip_expression(depth))
        return false;
    }
    if (done() || peek() != quote)
      return bad("non-terminated string");
    next();
    return true;
  }

  // An expression in a template, behind its brace, up to behind the brace that
  // closes it: it may hold strings, templates, comments and braces of its own.
  bool skip_expression(int depth) {
    if (depth > 50)
      return bad("string templates are nested too deeply");
    for (int braces = 1; braces > 0;) {
      if (done())
        return bad("non-terminated string");
      auto c = peek();
      if (c == '$' && (peek(1) == '"' || peek(1) == '`')) {
        next();
        if (!skip_template(depth + 1))
          return false;
        continue;
      }
      next();
      if (c == '"' || c == '`') {
        if (!skip_inner_string(c))
          return false;
      } else if (c == '#') {
        while (!done() && peek() != '\n')
          next();
      } else {
        braces += c == '{' ? 1 : c == '}' ? -1 : 0;
      }
    }
    return true;
  }

  // From behind the opening quote to behind the closing one.
  bool skip_inner_string(char quote) {
    while (!done() && peek() != quote) {
      bool escape = peek() == '\\' && quote == '"';
      next();
      if (escape && !done())
        next();
    }
    if (done())
      return bad("non-terminated string");
    next();
    return true;
  }

  bool scan_symbol(const location& from) {
    auto two = text_.substr(at_.offset, 2);
    for (std::string_view s : {":=", "==", "!=", "<=", ">="})
      if (two == s) {
        next();
        next();
        push(tok::symbol, from);
        return true;
      }
    constexpr std::string_view single = "{}[]().,;:=<>+-*/%|&";
    if (peek() == '!' || peek() == '$')
      return bad(std::string("illegal ") + peek() + " character");
    if (peek() == '\0')
      return bad("illegal null character");
    if (single.find(peek()) == std::string_view::npos)
      return bad("");
    next();
    push(tok::symbol, from);
    return true;
  }

  std::string_view text_;
  std::string_view file_;
  location at_{1, 1, 0};
  bool space_ = false;
  bool line_ = true;
  bool part_ = false; // of a string template
  int braces_ = 0;
  lexed out_;
  std::vector<std::string> wrong_;
  size_t illegal_ = SIZE_MAX; // where the first illegal character stands
  std::string illegal_what_;
};

bool unquote_unicode(std::string_view s, size_t& i, std::string& out) {
  char32_t c = 0;
  auto* end = s.data() + s.size();
  auto* behind = read_unicode_escape(s.data() + i + 1, end, c);
  if (!behind)
    return false;
  char bytes[4];
  out.append(bytes, put_utf8(bytes, c));
  i = static_cast<size_t>(behind - s.data());
  return true;
}

} // namespace

void step(location& at, char c) {
  ++at.offset;
  if (c == '\n') {
    ++at.row;
    at.col = 1;
  } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
    ++at.col; // columns count characters, as OPA's do
  }
}

result<lexed> lex(std::string_view text, std::string_view file) {
  return scanner(text, file).run();
}

result<lexed> lex_template_part(std::string_view text, std::string_view file,
                                const location& from) {
  return scanner(text, file, from).run();
}

bool unquote(std::string_view s, std::string& out) {
  constexpr std::string_view names = "\"\\/bfnrt{", bytes = "\"\\/\b\f\n\r\t{";
  for (size_t i = 0; i < s.size();) {
    if (s[i] != '\\') {
      if (static_cast<unsigned char>(s[i]) < 0x20 && s[i] != '\t')
        return false;
      out += s[i++];
      continue;
    }
    if (++i == s.size())
      return false;
    auto at = names.find(s[i]);
    if (at != std::string_view::npos) {
      out += bytes[at];
      ++i;
    } else if (s[i] != 'u' || !unquote_unicode(s, i, out)) {
      return false;
    }
  }
  return true;
}

} // namespace rego
