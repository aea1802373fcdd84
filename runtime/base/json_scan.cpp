// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/json_scan.hpp"

#include "runtime/base/json_text.hpp"

#include <algorithm>
#include <deque>

namespace acgs::json {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_escaped(std::string_view text) {
  return text.find('\\') != std::string_view::npos;
}

/// How much of a name is shown in an error.
constexpr std::size_t key_shown_max = 100;

/// A member's name and where it stands.
struct named {
  std::string_view key; ///< unescaped
  std::size_t at = 0;
};

/// Up to this many names are compared each with each.
constexpr std::size_t few = 12;

/// The earliest name that stood there before, or null.
const named* find_twice(std::vector<named>::iterator from,
                        std::vector<named>::iterator to) {
  if (to - from <= static_cast<std::ptrdiff_t>(few)) {
    for (auto at = from; at != to; ++at)
      for (auto before = from; before != at; ++before)
        if (before->key == at->key)
          return &*at;
    return nullptr;
  }
  std::sort(from, to, [](const named& a, const named& b) {
    auto order = a.key.compare(b.key);
    return order < 0 || (order == 0 && a.at < b.at);
  });
  const named* found = nullptr;
  for (auto at = from + 1; at != to; ++at)
    if (at[-1].key == at->key && (!found || at->at < found->at))
      found = &*at;
  return found;
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
  /// The name that stands twice; null where none does.
  const named* twice() const { return twice_; }

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
    auto outer = names_.size();
    do {
      space();
      auto from = at_;
      if (at_ == text_.size() || text_[at_] != '"')
        return wrong("a member's name in quotes");
      if (!string())
        return false;
      note_name(from);
      if (!take(':'))
        return wrong("':'");
      if (!value(depth))
        return false;
    } while (take(','));
    return (take('}') || wrong("',' or '}'")) && are_apart(outer);
  }

  /// Keeps the name between the quotes from there to here.
  void note_name(std::size_t from) {
    auto key = text_.substr(from + 1, at_ - from - 2);
    if (is_escaped(key))
      key = unescaped_.emplace_back(unescape_json(key));
    names_.push_back({key, from});
  }

  /// Whether the names from there on, those of one object, all differ; they
  /// are forgotten then.
  bool are_apart(std::size_t outer) {
    twice_ = find_twice(names_.begin() + static_cast<std::ptrdiff_t>(outer),
                        names_.end());
    if (!twice_)
      names_.resize(outer);
    return !twice_;
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
      if (++at_ >= text_.size() || !is_hex_digit(text_[at_]))
        return wrong("four hexadecimal digits");
    return true;
  }

  std::string_view text_;
  unsigned depth_max_;
  std::size_t at_ = 0;
  const char* expected_ = "";
  bool too_deep_ = false;
  std::vector<named> names_; ///< of the objects that are open
  std::deque<std::string> unescaped_;
  const named* twice_ = nullptr;
};

/// "line 3, column 7", both counted from 1, columns in bytes.
std::string place_of(std::string_view text, std::size_t at) {
  auto before = text.substr(0, at);
  auto line = std::count(before.begin(), before.end(), '\n') + 1;
  auto newline = before.rfind('\n');
  auto column = newline == std::string_view::npos ? at + 1 : at - newline;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

} // namespace

caf::error check_text(std::string_view text, std::string_view what,
                      unsigned depth_max) {
  std::string name{what};
  auto valid = utf8_prefix(text);
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
  if (auto* twice = walk.twice()) {
    std::string key{twice->key.substr(0, key_shown_max)};
    std::string quoted;
    append_json_string(quoted, key);
    return make_error(ec::invalid_argument,
                      name + " names " + quoted
                          + " twice in one object, again at "
                          + place_of(text, twice->at),
                      std::move(key));
  }
  return make_error(ec::invalid_argument, name + " is not JSON: at "
                                              + place_of(text, walk.at())
                                              + " expected " + walk.expected());
}

namespace {

/// The value that the scanner of the text comes to next.
std::string_view next_value(scanner& walk, std::string_view text) {
  walk.space();
  auto from = walk.at();
  walk.value(0);
  return text.substr(from, walk.at() - from);
}

} // namespace

std::optional<std::vector<member>> members_of(std::string_view text) {
  scanner walk{text, ~0u};
  if (!walk.take('{'))
    return std::nullopt;
  std::vector<member> out;
  if (walk.take('}'))
    return out;
  do {
    walk.space();
    auto key_from = walk.at() + 1;
    walk.string();
    auto key = text.substr(key_from, walk.at() - 1 - key_from);
    walk.take(':');
    out.push_back({is_escaped(key) ? unescape_json(key) : std::string{key},
                   next_value(walk, text)});
  } while (walk.take(','));
  return out;
}

std::optional<std::vector<std::string_view>> items_of(std::string_view text) {
  scanner walk{text, ~0u};
  if (!walk.take('['))
    return std::nullopt;
  std::vector<std::string_view> out;
  if (walk.take(']'))
    return out;
  do
    out.push_back(next_value(walk, text));
  while (walk.take(','));
  return out;
}

std::optional<std::string_view> find_member(const std::vector<member>& among,
                                            std::string_view key) {
  for (const auto& at : among)
    if (at.key == key)
      return at.value;
  return std::nullopt;
}

std::optional<std::string> string_of(std::string_view json) {
  if (json.size() < 2 || json.front() != '"')
    return std::nullopt;
  return unescape_json(json.substr(1, json.size() - 2));
}

} // namespace acgs::json
