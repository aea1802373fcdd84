// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tokens of GraphQL documents (specification of October 2021). The text must
// outlive the lexer. One thread.

#include <string>
#include <string_view>

namespace rego::graphql {

enum class token_kind : uint8_t {
  end,
  bang,
  dollar,
  amp,
  paren_open,
  paren_close,
  spread,
  colon,
  equals,
  at,
  bracket_open,
  bracket_close,
  brace_open,
  brace_close,
  pipe,
  name,
  integer,
  real,
  string,
  block_string,
  invalid // `text` says what is wrong
};

struct position {
  int row = 0, col = 0; // from 1; columns count code points
};

struct token {
  token_kind kind = token_kind::end;
  std::string text; // of names, numbers and strings
  position at;
};

/// "<EOF>", "{", "Name" ...
std::string_view kind_text(token_kind k);
/// The kind, and the text in quotes where there is one.
std::string token_text(const token& t);

class lexer {
public:
  explicit lexer(std::string_view text);
  token next();

private:
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip_ignored();
  position here(size_t at);
  token punctuation();
  token number();
  token string();
  token block_string();
  bool escape(std::string& to, std::string& error);
  token invalid(std::string message, size_t at) {
    return {token_kind::invalid, std::move(message), here(at)};
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t line_start_ = 0;
  int row_ = 1;
  // The column of a place on this line: later ones are counted from there.
  size_t counted_at_ = 0;
  int counted_ = 1;
};

} // namespace rego::graphql
