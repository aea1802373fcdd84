// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the families share: checks of operands, in OPA's words, and small
// helpers over values. Stateless; any thread.
//
// The checks return false (or nothing) after having recorded the error, so a
// function begins with `if (!need(c, a, {kind::string})) return {};`.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/builtin.hpp"

namespace rego {

using args = std::span<const value>;

/// Operands have these types, in order; further ones are not looked at.
bool need(call_context& c, args a, std::initializer_list<kind> kinds);

/// Operand n (from 1) as int64; "must be integer number" for all else.
std::optional<int64_t> need_integer(call_context& c, args a, int n);

/// Elements of an array, members of a set; the caller has looked at the type.
inline std::span<const value> elements(const value& v) {
  return v.is_array() ? v.items() : v.keys();
}

/// Operand n is an array or set whose elements are all strings.
bool need_strings(call_context& c, args a, int n);

/// eval_type_error "operand <n> <message>".
value operand_failure(call_context& c, int n, std::string_view message);

inline value truth(bool b) {
  return value::boolean(b);
}
inline value whole(size_t n) {
  return value::integer(static_cast<int64_t>(n));
}

/// An array of strings.
value string_array(call_context& c, const std::vector<std::string>& items);

/// Where `what` first stands in `s` at or behind `from`, npos where it does
/// not. Takes linear time whatever the texts are, and counts it as work.
size_t find_text(call_context& c, std::string_view s, std::string_view what,
                 size_t from = 0);

/// Text under construction: counts the work, and takes its bytes from the
/// arena's room for as long as it lives.
class text_sink {
public:
  explicit text_sink(call_context& c) : context_(c) {}
  ~text_sink() { context_.memory().release(held_); }
  text_sink(const text_sink&) = delete;
  text_sink& operator=(const text_sink&) = delete;
  void put(std::string_view s);
  void put(char ch, size_t times = 1);
  const std::string& text() const { return text_; }
  value finish() { return context_.string(text_); }

private:
  void make_room(size_t more);
  call_context& context_;
  std::string text_;
  size_t held_ = 0;
};

/// The text in double quotes with Go's escapes (strconv.Quote); `ascii`
/// escapes whatever is beyond ASCII, too (strconv.QuoteToASCII).
std::string go_quote(std::string_view s, bool ascii = false);

} // namespace rego
