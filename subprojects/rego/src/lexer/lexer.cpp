// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "lexer/lexer.hpp"

#include <cctype>
#include <cstdint>

#include <re2/re2.h>

#include "core/outside_memory.hpp"
#include "core/unicode.hpp"
#include "core/walk_watch.hpp"

namespace rego {

namespace {

bool is_letter(char c) {
  return c == '_' || std::isalpha(static_cast<unsigned char>(c));
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The bytes of a digit of another script, which a name may hold behind its
// first letter; 0 where none is at the front.
size_t other_digit(std::string_view text) {
  static const RE2 digit("(\\p{Nd})");
  if (text.empty() || static_cast<unsigned char>(text[0]) < 0x80)
    return 0;
  auto first = text.substr(0, 4); // no character has more bytes
  re2::StringPiece rest(first.data(), first.size());
  return RE2::Consume(&rest, digit) ? first.size() - rest.size() : 0;
}

class scanner {
public:
  explicit scanner(std::string_view text) : text_(text) {}

  lexed run() {
    if (text_.substr(0, 3) == "\xef\xbb\xbf")
      at_.offset = 3;
    find_illegal(at_.offset);
    look();
    while (skip_space()) {
      from_ = place();
      if (done())
        return finish();
      if (!scan_token())
        break;
    }
    out_.problems = std::move(wrong_);
    push(tok::illegal);
    return finish();
  }

private:
  struct open_template {
    bool raw = false;
    int braces = 0; // within its expression
  };

  bool done() const { return at_.offset >= text_.size(); }
  char peek(size_t n = 0) const {
    return at_.offset + n < text_.size() ? text_[at_.offset + n] : '\0';
  }
  void next() {
    if (done())
      return;
    step(at_, text_[at_.offset]);
    look();
  }

  // OPA counts the end of a line to the next one, and no column for the end of
  // a text: it has that of the last sign.
  location place() const {
    auto at = at_;
    if (done() && at.col > 0)
      --at.col;
    else if (peek() == '\n')
      at = {at.row + 1, 0, at.offset};
    return at;
  }

  lexed finish() {
    from_ = place();
    push(tok::end);
    return std::move(out_);
  }

  // What stands nowhere in Rego is told of the token before it as well.
  void look() {
    if (at_.offset != illegal_)
      return;
    wrong_.push_back(std::move(illegal_what_));
    find_illegal(illegal_ + 1);
  }

  // The next thing that stands nowhere in Rego, not even in a comment.
  void find_illegal(size_t from) {
    auto* p = text_.data() + from;
    auto* end = text_.data() + text_.size();
    illegal_ = SIZE_MAX;
    while (p < end && illegal_ == SIZE_MAX) {
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

  void bad(std::string what) { wrong_.push_back(std::move(what)); }

  void push(tok type) {
    watch_walk(1);
    take_memory(2 * sizeof(token)); // and what the list grows ahead
    auto text = text_.substr(from_.offset, at_.offset - from_.offset);
    out_.tokens.push_back({type, text, from_, space_, line_});
    space_ = line_ = false;
  }

  // False where something illegal follows: what is told of is the white space
  // or the comment before it.
  bool skip_space() {
    from_ = place();
    while (wrong_.empty() && !done()) {
      auto c = peek();
      if (c != '\n' && c != ' ' && c != '\t' && c != '\r' && c != '#')
        return true;
      from_ = place();
      space_ = true;
      line_ = line_ || c == '\n';
      if (c == '#')
        scan_comment();
      else
        next();
    }
    return wrong_.empty();
  }

  void scan_comment() {
    auto from = at_;
    while (!done() && peek() != '\n')
      next();
    auto body = text_.substr(from.offset + 1, at_.offset - from.offset - 1);
    if (!body.empty() && body.back() == '\r')
      body.remove_suffix(1);
    watch_walk(1);
    take_memory(2 * sizeof(comment));
    out_.comments.push_back({body, from, line_ || out_.tokens.empty()});
  }

  bool scan_token() {
    auto type = scan_one();
    if (type == tok::illegal || !wrong_.empty())
      return false;
    push(type);
    if (open_.empty())
      return true;
    auto sign = out_.tokens.back().text;
    if (sign == "{")
      ++open_.back().braces;
    else if (sign == "}" && open_.back().braces-- == 0)
      return scan_further_part();
    return true;
  }

  tok scan_one() {
    auto c = peek();
    if (is_letter(c)) {
      while (auto n = name_bytes())
        for (; n > 0; --n)
          next();
      return tok::identifier;
    }
    if (is_digit(c))
      return scan_number();
    if (c == '"')
      return scan_string();
    if (c == '`')
      return scan_raw();
    if (c == '$' && (peek(1) == '"' || peek(1) == '`')) {
      open_.push_back({peek(1) == '`', 0});
      next();
      next();
      return scan_part();
    }
    return scan_symbol();
  }

  // Of the next character of a name; 0 where it ends.
  size_t name_bytes() const {
    return is_letter(peek()) || is_digit(peek())
               ? 1
               : other_digit(text_.substr(at_.offset));
  }

  tok scan_number() {
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
    return tok::number;
  }

  tok scan_string() {
    next();
    while (!done() && peek() != '\n' && peek() != '"')
      if (auto c = peek(); next(), c == '\\')
        skip_escape("\"\\/bfnrtu");
    if (peek() == '"')
      next();
    else
      bad("non-terminated string");
    return tok::string;
  }

  // What stands behind a backslash; of `\u` the first three of four digits,
  // whatever they are.
  void skip_escape(std::string_view known) {
    if (done() || known.find(peek()) == known.npos)
      return bad("illegal escape sequence");
    for (int i = peek() == 'u' ? 4 : 1; i > 0; --i)
      next();
  }

  tok scan_raw() {
    next();
    while (!done() && peek() != '`')
      next();
    if (done())
      bad("non-terminated string");
    next();
    return tok::raw_string;
  }

  // The text of a template up to its end or to an expression.
  tok scan_part() {
    bool raw = open_.back().raw;
    auto quote = raw ? '`' : '"';
    while (!done() && (raw || peek() != '\n')) {
      auto c = peek();
      next();
      if (c == '{')
        return tok::template_part;
      if (c == quote) {
        open_.pop_back();
        return tok::template_end;
      }
      if (c == '\\' && !raw)
        skip_escape("\"\\/bfnrtu{");
      else if (c == '\\' && peek() == '{')
        next();
    }
    bad("non-terminated string");
    return tok::illegal;
  }

  // What follows the brace that closes an expression.
  bool scan_further_part() {
    open_.back().braces = 0;
    from_ = place();
    auto type = scan_part();
    if (wrong_.empty())
      push(type);
    return wrong_.empty();
  }

  tok scan_symbol() {
    auto two = text_.substr(at_.offset, 2);
    for (std::string_view s : {":=", "==", "!=", "<=", ">="})
      if (two == s) {
        next();
        next();
        return tok::symbol;
      }
    constexpr std::string_view single = "{}[]().,;:=<>+-*/%|&";
    auto c = peek();
    next();
    if (c == '!' || c == '$')
      bad(std::string("illegal ") + c + " character");
    return single.find(c) == single.npos ? tok::illegal : tok::symbol;
  }

  std::string_view text_;
  location at_{1, 1, 0};
  location from_; // where the token begins
  bool space_ = false;
  bool line_ = true;
  std::vector<open_template> open_; // templates, the innermost last
  lexed out_;
  std::vector<std::string> wrong_; // with the token that is read
  size_t illegal_ = SIZE_MAX;      // where the next illegal character stands
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
  if (text.size() > UINT32_MAX / 2)
    return error{"rego_parse_error", "the module is too large",
                 std::string(file), 1, 1};
  return scanner(text).run();
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
