// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/http_gateway/json_scan.hpp"

#include "runtime/net/http/utf8.hpp"

#include <algorithm>

namespace acgs::http_gateway {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_value(char c) {
  if (is_digit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/// Walks a text; every step leaves `at` behind what it read, or says in
/// `expected` what should have stood there.
class scanner {
public:
  scanner(std::string_view text, unsigned depth_max)
      : text_{text}, depth_max_{depth_max} {}

  /// A whole document.
  bool document() {
    return value(0) && (space(), at_ == text_.size() || wrong("the end"));
  }

  bool value(unsigned depth) {
    space();
    if (at_ == text_.size())
      return wrong("a value");
    switch (text_[at_]) {
    case '{':
      return object(depth + 1);
    case '[':
      return array(depth + 1);
    case '"':
      return string();
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    default:
      return number();
    }
  }

  bool string() {
    for (++at_; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == '"')
        return ++at_, true;
      if (static_cast<unsigned char>(c) < 0x20)
        return wrong("an escape in place of a control character");
      if (c == '\\' && !escape())
        return false;
    }
    return wrong("the string's closing quote");
  }

  void space() {
    while (at_ < text_.size() && is_space(text_[at_]))
      ++at_;
  }

  bool take(char c) {
    space();
    if (at_ == text_.size() || text_[at_] != c)
      return false;
    ++at_;
    return true;
  }

  std::size_t at() const { return at_; }
  const char* expected() const { return expected_; }
  bool too_deep() const { return too_deep_; }

private:
  bool wrong(const char* what) {
    expected_ = what;
    return false;
  }

  bool enter(unsigned depth) {
    too_deep_ = depth > depth_max_;
    ++at_;
    return !too_deep_;
  }

  bool object(unsigned depth) {
    if (!enter(depth))
      return false;
    if (take('}'))
      return true;
    do {
      space();
      if (at_ == text_.size() || text_[at_] != '"')
        return wrong("a member's name in quotes");
      if (!string())
        return false;
      if (!take(':'))
        return wrong("':'");
      if (!value(depth))
        return false;
    } while (take(','));
    return take('}') || wrong("',' or '}'");
  }

  bool array(unsigned depth) {
    if (!enter(depth))
      return false;
    if (take(']'))
      return true;
    do {
      if (!value(depth))
        return false;
    } while (take(','));
    return take(']') || wrong("',' or ']'");
  }

  bool word(std::string_view which) {
    if (text_.substr(at_, which.size()) != which)
      return wrong("a value");
    at_ += which.size();
    return true;
  }

  bool digits() {
    auto from = at_;
    while (at_ < text_.size() && is_digit(text_[at_]))
      ++at_;
    return at_ > from;
  }

  bool peek(char c) const { return at_ < text_.size() && text_[at_] == c; }

  bool number() {
    if (peek('-'))
      ++at_;
    bool zero = peek('0');
    auto from = at_;
    if (!digits())
      return wrong("a value");
    if (zero && at_ > from + 1)
      return at_ = from + 1, wrong("no digit after a leading zero");
    if (peek('.')) {
      ++at_;
      if (!digits())
        return wrong("a digit");
    }
    if (peek('e') || peek('E')) {
      ++at_;
      if (peek('+') || peek('-'))
        ++at_;
      if (!digits())
        return wrong("a digit");
    }
    return true;
  }

  /// Stands at the backslash; leaves `at_` at the escape's last character.
  bool escape() {
    ++at_;
    if (at_ == text_.size())
      return wrong("an escape");
    if (text_[at_] != 'u')
      return std::string_view{"\"\\/bfnrt"}.find(text_[at_])
                 != std::string_view::npos
             || wrong("one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t "
                      "\\uXXXX");
    for (int i = 0; i < 4; ++i)
      if (++at_ >= text_.size() || hex_value(text_[at_]) < 0)
        return wrong("four hexadecimal digits");
    return true;
  }

  std::string_view text_;
  unsigned depth_max_;
  std::size_t at_ = 0;
  const char* expected_ = "";
  bool too_deep_ = false;
};

/// "line 3, column 7", both counted from 1, columns in bytes.
std::string place_of(std::string_view text, std::size_t at) {
  auto before = text.substr(0, at);
  auto line = std::count(before.begin(), before.end(), '\n') + 1;
  auto newline = before.rfind('\n');
  auto column = newline == std::string_view::npos ? at + 1 : at - newline;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xc0 | code >> 6));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | code >> 12));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else {
    out.push_back(static_cast<char>(0xf0 | code >> 18));
    out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  }
}

unsigned four_digits(std::string_view text) {
  unsigned out = 0;
  for (char c : text.substr(0, 4))
    out = out * 16 + static_cast<unsigned>(hex_value(c));
  return out;
}

/// A checked string without its quotes. Half a surrogate becomes U+FFFD.
std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out.push_back(text[i]);
      continue;
    }
    char c = text[++i];
    if (c != 'u') {
      constexpr std::string_view from = "bfnrt", to = "\b\f\n\r\t";
      auto which = from.find(c);
      out.push_back(which == std::string_view::npos ? c : to[which]);
      continue;
    }
    auto code = four_digits(text.substr(i + 1));
    i += 4;
    if (code >= 0xd800 && code < 0xdc00 && text.substr(i + 1, 2) == "\\u") {
      auto low = four_digits(text.substr(i + 3));
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i += 6;
      }
    }
    append_utf8(out, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
  }
  return out;
}

} // namespace

caf::error check_json(std::string_view text, std::string_view what,
                      unsigned depth_max) {
  std::string name{what};
  auto valid = http::valid_utf8_prefix(text);
  if (valid != text.size())
    return make_error(ec::invalid_argument,
                      name + " is not UTF-8 at " + place_of(text, valid));
  scanner walk{text, depth_max};
  if (walk.document())
    return {};
  if (walk.too_deep())
    return make_error(ec::too_large, name + " is nested deeper than "
                                         + std::to_string(depth_max)
                                         + " levels at "
                                         + place_of(text, walk.at() - 1));
  return make_error(ec::invalid_argument, name + " is not JSON: at "
                                              + place_of(text, walk.at())
                                              + " expected " + walk.expected());
}

std::optional<std::vector<json_member>> members_of(std::string_view text) {
  scanner walk{text, ~0u};
  if (!walk.take('{'))
    return std::nullopt;
  std::vector<json_member> out;
  if (walk.take('}'))
    return out;
  do {
    walk.space();
    auto key_from = walk.at() + 1;
    walk.string();
    auto key = text.substr(key_from, walk.at() - 1 - key_from);
    walk.take(':');
    walk.space();
    auto from = walk.at();
    walk.value(0);
    out.push_back({key.find('\\') == std::string_view::npos ? std::string{key}
                                                            : unescape(key),
                   text.substr(from, walk.at() - from)});
  } while (walk.take(','));
  return out;
}

std::optional<std::string_view>
last_member(const std::vector<json_member>& among, std::string_view key) {
  for (auto at = among.rbegin(); at != among.rend(); ++at)
    if (at->key == key)
      return at->value;
  return std::nullopt;
}

std::optional<std::string> string_of(std::string_view json) {
  if (json.size() < 2 || json.front() != '"')
    return std::nullopt;
  return unescape(json.substr(1, json.size() - 2));
}

} // namespace acgs::http_gateway
