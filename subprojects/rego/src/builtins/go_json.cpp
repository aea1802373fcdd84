// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The scanner of Go's encoding/json, as far as its errors go: a document is
// read once more where our own reader, which is quicker, has refused it.

#include "builtins/go_json.hpp"

#include "builtins/support.hpp"
#include "builtins/utf8.hpp"
#include "core/unicode.hpp"

namespace rego {

namespace {

bool is_json_digit(char ch) {
  return ch >= '0' && ch <= '9';
}

bool is_hex_digit(char ch) {
  return is_json_digit(ch) || (ch >= 'a' && ch <= 'f')
         || (ch >= 'A' && ch <= 'F');
}

bool is_one_of(char ch, std::string_view these) {
  return these.find(ch) != std::string_view::npos;
}

// Go takes the byte for a code point.
std::string quoted_byte(char ch) {
  if (ch == '\'')
    return R"('\'')";
  if (ch == '"')
    return R"('"')";
  auto byte = static_cast<unsigned char>(ch);
  std::string rune(1, ch);
  if (byte >= 0x80)
    rune = {static_cast<char>(0xC0 | byte >> 6),
            static_cast<char>(0x80 | (byte & 0x3F))};
  auto text = go_quote(rune);
  return "'" + text.substr(1, text.size() - 2) + "'";
}

class json_scanner {
public:
  explicit json_scanner(std::string_view text) : text_(text) {}

  // Reads a document; false where there is none, with why.
  bool document();
  // Whether nothing but space is left.
  bool done();
  bool fail(std::string_view context);
  char here() const { return text_[at_]; }
  std::string_view rest() const { return text_.substr(at_); }
  const std::string& error() const { return error_; }

private:
  bool cut() {
    error_ = "unexpected EOF";
    return false;
  }
  // Goes past a character that `fits`; the context is Go's for another one.
  template <class Test>
  bool take(Test fits, std::string_view context) {
    if (at_ == text_.size())
      return cut();
    if (!fits(here()))
      return fail(context);
    ++at_;
    return true;
  }
  // The same after space.
  template <class Test>
  bool find(Test fits, std::string_view context) {
    return done() ? cut() : take(fits, context);
  }
  bool digits(std::string_view context);
  bool value(bool& another);
  bool follow(bool& another);
  bool key();
  bool string();
  bool number();
  bool word(std::string_view expected);

  std::string_view text_;
  size_t at_ = 0;
  std::string open_; // the brackets and braces that are open
  std::string error_;
};

bool json_scanner::done() {
  while (at_ < text_.size() && is_one_of(here(), " \t\r\n"))
    ++at_;
  return at_ == text_.size();
}

bool json_scanner::fail(std::string_view context) {
  error_ =
      "invalid character " + quoted_byte(here()) + " " + std::string(context);
  return false;
}

bool json_scanner::document() {
  bool another = true;
  while (another)
    if (!value(another) || (!another && !follow(another)))
      return false;
  return true;
}

// A scalar, or the beginning of a collection; `another` where the next value
// is an element of it.
bool json_scanner::value(bool& another) {
  if (done())
    return cut();
  another = false;
  switch (char ch = here()) {
  case '"':
    return string();
  case 't':
    return word("true");
  case 'f':
    return word("false");
  case 'n':
    return word("null");
  case '[':
  case '{':
    ++at_;
    open_ += ch;
    another = done() || here() != ch + 2;
    return !another || ch == '[' || key();
  default:
    return ch == '-' || is_json_digit(ch)
               ? number()
               : fail("looking for beginning of value");
  }
}

// What comes behind a value: `another` where a further one has to.
bool json_scanner::follow(bool& another) {
  while (!open_.empty()) {
    if (done())
      return cut();
    bool object = open_.back() == '{';
    another = here() == ',';
    if (!another && here() != open_.back() + 2)
      return fail(object ? "after object key:value pair"
                         : "after array element");
    ++at_;
    if (another)
      return !object || key();
    open_.pop_back();
  }
  return true;
}

bool json_scanner::key() {
  if (done())
    return cut();
  if (here() != '"')
    return fail("looking for beginning of object key string");
  return string()
         && find([](char ch) { return ch == ':'; }, "after object key");
}

bool json_scanner::string() {
  for (++at_; at_ < text_.size() && here() != '"';) {
    bool escape = here() == '\\';
    if (!take([](char ch) { return static_cast<unsigned char>(ch) >= 0x20; },
              "in string literal"))
      return false;
    if (!escape)
      continue;
    if (!take([](char ch) { return is_one_of(ch, "bfnrt\\/\"u"); },
              "in string escape code"))
      return false;
    for (int i = 0; i < 4 && (i > 0 || text_[at_ - 1] == 'u'); ++i)
      if (!take(is_hex_digit, "in \\u hexadecimal character escape"))
        return false;
  }
  return take([](char) { return true; }, "");
}

bool json_scanner::digits(std::string_view context) {
  if (!take(is_json_digit, context))
    return false;
  while (at_ < text_.size() && is_json_digit(here()))
    ++at_;
  return true;
}

bool json_scanner::number() {
  auto skip = [&](std::string_view one_of) {
    bool there = at_ < text_.size() && is_one_of(here(), one_of);
    at_ += there;
    return there;
  };
  skip("-");
  if (!skip("0") && !digits("in numeric literal"))
    return false;
  if (skip(".") && !digits("after decimal point in numeric literal"))
    return false;
  if (!skip("eE"))
    return true;
  skip("+-");
  return digits("in exponent of numeric literal");
}

bool json_scanner::word(std::string_view expected) {
  for (char want : expected)
    if (!take([&](char ch) { return ch == want; },
              "in literal " + std::string(expected) + " (expecting "
                  + quoted_byte(want) + ")"))
      return false;
  return true;
}

} // namespace

namespace {

// What %s of Go's fmt makes of a scalar.
std::string printed_scalar(std::string_view scalar) {
  if (scalar == "true" || scalar == "false")
    return "%!s(bool=" + std::string(scalar) + ")";
  if (scalar[0] != '"')
    return std::string(scalar);
  arena memory;
  auto v = parse_json(memory, scalar);
  return std::string(v ? v->as_string() : scalar);
}

// What OPA says of text behind the document: it asks for one more token, which
// is a bracket or a scalar; null passes for none.
std::string error_behind(std::string_view rest) {
  std::string token(rest.substr(0, 1));
  if (!is_one_of(rest[0], "[{")) {
    json_scanner next(rest);
    if (!next.document())
      return next.error();
    token = rest.substr(0, rest.size() - next.rest().size());
    if (token == "null")
      return "";
    token = printed_scalar(token);
  }
  return "error: invalid character '" + token + "' after top-level value";
}

} // namespace

std::string go_json_error(std::string_view text) {
  json_scanner s(text);
  if (s.done())
    return "EOF";
  if (!s.document())
    return s.error();
  return s.done() ? "" : error_behind(s.rest());
}

result<value> parse_as_go(arena& to, std::string_view text) {
  auto read = parse_json(to, text);
  if (!read && !is_valid_utf8(text))
    read = parse_json(to, repair_utf8(text));
  if (read)
    return read;
  auto error = read.error_list().at(0);
  if (auto said = go_json_error(text); !said.empty())
    error.message = said;
  return error;
}

} // namespace rego
