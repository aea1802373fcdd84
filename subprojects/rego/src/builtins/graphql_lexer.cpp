// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/graphql_lexer.hpp"

#include <algorithm>
#include <vector>

#include "builtins/support.hpp"
#include "builtins/utf8.hpp"
#include "core/unicode.hpp"

namespace rego::graphql {

namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool name_start(char c) {
  return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
}

// Lines of a block string without their common indent and without blank lines
// at either end.
std::string block_value(std::string_view raw) {
  std::vector<std::string_view> lines;
  for (size_t from = 0; from <= raw.size();) {
    auto to = std::min(raw.find('\n', from), raw.size());
    auto line = raw.substr(from, to - from);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    lines.push_back(line);
    from = to + 1;
  }
  auto blank = [](std::string_view l) {
    return l.find_first_not_of(" \t") == std::string_view::npos;
  };
  size_t common = SIZE_MAX;
  for (size_t i = 1; i < lines.size(); ++i)
    if (!blank(lines[i]))
      common = std::min(common, lines[i].find_first_not_of(" \t"));
  for (size_t i = 1; common != SIZE_MAX && i < lines.size(); ++i)
    lines[i].remove_prefix(std::min(common, lines[i].size()));
  while (!lines.empty() && blank(lines.front()))
    lines.erase(lines.begin());
  while (!lines.empty() && blank(lines.back()))
    lines.pop_back();
  std::string out;
  for (auto l : lines) {
    if (&l != &lines.front() && !out.empty())
      out += '\n';
    out += l;
  }
  return out;
}

} // namespace

std::string_view kind_text(token_kind k) {
  constexpr std::string_view names[] = {
      "<EOF>", "!",    "$",   "&",     "(",      ")",           "...",
      ":",     "=",    "@",   "[",     "]",      "{",           "}",
      "|",     "Name", "Int", "Float", "String", "BlockString", "<Invalid>"};
  return names[static_cast<size_t>(k)];
}

std::string token_text(const token& t) {
  std::string out(kind_text(t.kind));
  return t.text.empty() ? out : out + " " + go_quote(t.text);
}

lexer::lexer(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF"))
    at_ = line_start_ = 3;
}

position lexer::here(size_t at) {
  if (counted_at_ < line_start_ || counted_at_ > at) {
    counted_at_ = std::min(line_start_, at);
    counted_ = 1;
  }
  auto more = text_.substr(counted_at_, at - counted_at_);
  counted_ += static_cast<int>(count_runes(more));
  counted_at_ = at;
  return {row_, counted_};
}

void lexer::skip_ignored() {
  while (at_ < text_.size()) {
    if (text_.substr(at_).starts_with("\xEF\xBB\xBF")) {
      at_ += 3;
      continue;
    }
    switch (text_[at_]) {
    case '\n':
      ++row_;
      line_start_ = at_ + 1;
      break;
    case '\r':
      if (peek(1) != '\n') {
        ++row_;
        line_start_ = at_ + 1;
      }
      break;
    case '#':
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
      continue;
    case ' ':
    case '\t':
    case ',':
      break;
    default:
      return;
    }
    ++at_;
  }
}

token lexer::punctuation() {
  constexpr std::string_view marks = "!$&():=@[]{}|";
  constexpr token_kind kinds[] = {
      token_kind::bang,         token_kind::dollar,
      token_kind::amp,          token_kind::paren_open,
      token_kind::paren_close,  token_kind::colon,
      token_kind::equals,       token_kind::at,
      token_kind::bracket_open, token_kind::bracket_close,
      token_kind::brace_open,   token_kind::brace_close,
      token_kind::pipe};
  auto start = at_;
  if (text_.substr(at_).starts_with("...")) {
    at_ += 3;
    return {token_kind::spread, "", here(start)};
  }
  auto mark = marks.find(text_[at_]);
  if (mark != std::string_view::npos) {
    ++at_;
    return {kinds[mark], "", here(start)};
  }
  auto size = decode_rune(text_, at_).size;
  at_ = text_.size();
  return invalid("Cannot parse the unexpected character "
                     + go_quote(text_.substr(start, size)) + ".",
                 start);
}

token lexer::number() {
  auto start = at_;
  bool real = false;
  auto digits = [&] {
    auto from = at_;
    while (digit(peek()))
      ++at_;
    return at_ > from;
  };
  auto wrong = [&] {
    auto shown = at_ < text_.size()
                     ? go_quote(text_.substr(at_, decode_rune(text_, at_).size))
                     : std::string("<EOF>");
    auto at = at_;
    at_ = text_.size();
    return invalid("Invalid number, expected digit but got: " + shown + ".",
                   at);
  };
  at_ += peek() == '-';
  if (peek() == '0' && digit(peek(1))) {
    ++at_;
    auto shown = go_quote(text_.substr(at_, 1));
    auto at = at_;
    at_ = text_.size();
    return invalid("Invalid number, unexpected digit after 0: " + shown + ".",
                   at);
  }
  if (!digits())
    return wrong();
  if (peek() == '.') {
    real = true;
    ++at_;
    if (!digits())
      return wrong();
  }
  if ((peek() | 32) == 'e') {
    real = true;
    ++at_;
    at_ += peek() == '+' || peek() == '-';
    if (!digits())
      return wrong();
  }
  return {real ? token_kind::real : token_kind::integer,
          std::string(text_.substr(start, at_ - start)), here(start)};
}

// After the backslash; leaves the position behind the escape.
bool lexer::escape(std::string& to, std::string& error) {
  constexpr std::string_view from = "\"/\\bfnrt", into = "\"/\\\b\f\n\r\t";
  char c = peek();
  if (auto at = from.find(c); c != '\0' && at != std::string_view::npos) {
    to += into[at];
    ++at_;
    return true;
  }
  char32_t code = 0;
  bool good = c == 'u';
  for (size_t i = 1; i <= 4; ++i) {
    int d = hex_digit(peek(i));
    good = good && d >= 0;
    code = code << 4 | static_cast<char32_t>(d & 15);
  }
  if (!good) {
    auto size = c == 'u' ? 5u : 1u;
    error = "Invalid character escape sequence: "
            + go_quote("\\" + std::string(text_.substr(at_, size))) + ".";
    return false;
  }
  append_rune(to, code);
  at_ += 5;
  return true;
}

token lexer::string() {
  // The position is that of the text behind the quotes.
  ++at_;
  token out{token_kind::string, "", here(at_)};
  while (at_ < text_.size() && peek() != '\n' && peek() != '\r') {
    auto c = peek();
    if (c == '"') {
      ++at_;
      return out;
    }
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t') {
      auto at = at_;
      at_ = text_.size();
      return invalid("Invalid character within String: "
                         + go_quote(text_.substr(at, 1)) + ".",
                     at);
    }
    ++at_;
    if (c != '\\') {
      out.text += c;
      continue;
    }
    std::string error;
    auto at = at_;
    if (!escape(out.text, error)) {
      at_ = text_.size();
      return invalid(error, at);
    }
  }
  auto at = at_;
  at_ = text_.size();
  return invalid("Unterminated string.", at);
}

token lexer::block_string() {
  at_ += 3;
  token out{token_kind::block_string, "", here(at_)};
  std::string raw;
  while (at_ < text_.size()) {
    if (text_.substr(at_).starts_with("\"\"\"")) {
      at_ += 3;
      out.text = block_value(raw);
      return out;
    }
    if (text_.substr(at_).starts_with("\\\"\"\"")) {
      raw += "\"\"\"";
      at_ += 4;
      continue;
    }
    if (peek() == '\n') {
      ++row_;
      line_start_ = at_ + 1;
    }
    raw += text_[at_++];
  }
  return invalid("Unterminated string.", at_);
}

token lexer::next() {
  skip_ignored();
  if (at_ >= text_.size())
    return {token_kind::end, "", here(text_.size())};
  char c = peek();
  auto start = at_;
  if (name_start(c)) {
    while (name_start(peek()) || digit(peek()))
      ++at_;
    return {token_kind::name, std::string(text_.substr(start, at_ - start)),
            here(start)};
  }
  if (digit(c) || c == '-')
    return number();
  if (text_.substr(at_).starts_with("\"\"\""))
    return block_string();
  return c == '"' ? string() : punctuation();
}

} // namespace rego::graphql
