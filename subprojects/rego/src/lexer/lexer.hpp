// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tokens of Rego. The lexer turns a module's text into all its tokens at once;
// which identifiers are keywords depends on the module's imports and is the
// parser's business. Tokens are views into the text, which must outlive them.

#include <string>
#include <string_view>
#include <vector>

#include "rego/error.hpp"

namespace rego {

enum class tok : uint8_t {
  end,
  identifier,
  number,
  string,        // text is with quotes
  raw_string,    // text is with back-quotes
  template_part, // of a string template up to an expression: $"...{ and then
  template_end,  // ...{ behind the expression's brace; or to its end: ..."
  symbol,        // one of the operators, text says which
  illegal        // none of these; lexed::problem may say more
};

/// A place in a source; rows and columns count from 1.
struct location {
  int row = 0;
  int col = 0;
  uint32_t offset = 0;
};

struct token {
  tok type = tok::end;
  std::string_view text;
  location at;
  bool space_before = false;   // white space or a comment stands before it
  bool newline_before = false; // it is the first on its line

  bool is_symbol(std::string_view s) const {
    return type == tok::symbol && text == s;
  }
  /// 1 of an opening bracket, -1 of a closing one, otherwise 0.
  int nesting() const {
    bool opens = is_symbol("{") || is_symbol("[") || is_symbol("(");
    bool closes = is_symbol("}") || is_symbol("]") || is_symbol(")");
    return int(opens) - int(closes);
  }
};

struct comment {
  std::string_view text; // without the #
  location at;
  bool own_line = false;
};

struct lexed {
  std::vector<token> tokens; // the last one is tok::end, before it may be one
                             // that is illegal
  std::vector<std::string> problems; // of that one
  std::vector<comment> comments;
};

/// All tokens of a text, up to the first that is illegal. A rego_parse_error
/// with its position in `file` only where the text is too large.
result<lexed> lex(std::string_view text, std::string_view file);

/// Moves a place beyond the character at it.
void step(location& at, char c);

/// The value of a string token with double quotes (without them), escapes
/// replaced; nullopt-like false where an escape is invalid.
bool unquote(std::string_view inside, std::string& out);

} // namespace rego
