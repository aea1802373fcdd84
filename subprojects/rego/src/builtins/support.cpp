// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/support.hpp"

#include <algorithm>
#include <cstring>

#include "builtins/utf8.hpp"

namespace rego {

namespace {

std::string_view name_of(kind k) {
  switch (k) {
  case kind::null:
    return "null";
  case kind::boolean:
    return "boolean";
  case kind::number:
    return "number";
  case kind::string:
    return "string";
  case kind::array:
    return "array";
  case kind::object:
    return "object";
  case kind::set:
    return "set";
  default:
    return "any";
  }
}

} // namespace

bool need(call_context& c, args a, std::initializer_list<kind> kinds) {
  int n = 0;
  for (auto k : kinds) {
    auto& v = a[static_cast<size_t>(n++)];
    if (v.type() != k) {
      c.operand_error(n, v, name_of(k));
      return false;
    }
  }
  return true;
}

std::optional<int64_t> need_integer(call_context& c, args a, int n) {
  auto& v = a[static_cast<size_t>(n - 1)];
  if (!v.is_number()) {
    c.operand_error(n, v, "number");
    return std::nullopt;
  }
  if (!v.is_integer()) {
    operand_failure(c, n,
                    "must be integer number but got floating-point number");
    return std::nullopt;
  }
  return v.as_integer();
}

bool need_strings(call_context& c, args a, int n) {
  auto& v = a[static_cast<size_t>(n - 1)];
  if (!v.is_array() && !v.is_set()) {
    c.operand_error(n, v, {"array", "set"});
    return false;
  }
  for (auto& x : elements(v)) {
    if (!x.is_string()) {
      c.element_error(n, v, x, "string");
      return false;
    }
  }
  return true;
}

value operand_failure(call_context& c, int n, std::string_view message) {
  return c.fail("eval_type_error",
                "operand " + std::to_string(n) + " " + std::string(message));
}

value string_array(call_context& c, const std::vector<std::string>& items) {
  array_builder b(c.memory(), items.size());
  for (auto& s : items)
    b.push(c.string(s));
  return b.array();
}

size_t find_text(call_context& c, std::string_view s, std::string_view what,
                 size_t from) {
  if (from > s.size() || what.size() > s.size() - from)
    return std::string_view::npos;
  if (what.empty())
    return from;
  auto* at = static_cast<const char*>(
      memmem(s.data() + from, s.size() - from, what.data(), what.size()));
  auto end = at ? static_cast<size_t>(at - s.data()) + what.size() : s.size();
  // What is looked for is gone through first.
  c.tick((end - from + what.size()) / 64);
  return at ? end - what.size() : std::string_view::npos;
}

void text_sink::make_room(size_t more) {
  if (more > 64)
    context_.tick(more / 64);
  if (more <= text_.capacity() - text_.size())
    return;
  auto& memory = context_.memory();
  if (more > memory.room())
    throw memory_exceeded{};
  auto wider = std::max(text_.size() + more, 2 * text_.capacity());
  // Both texts are there while one is copied into the other.
  memory.hold(wider);
  text_.reserve(wider);
  memory.release(held_);
  held_ = wider;
}

void text_sink::put(std::string_view s) {
  make_room(s.size());
  text_ += s;
}

void text_sink::put(char ch, size_t times) {
  make_room(times);
  text_.append(times, ch);
}

std::string go_quote(std::string_view s, bool ascii) {
  constexpr std::string_view from = "\a\b\f\n\r\t\v\\\"", to = "abfnrtv\\\"";
  std::string out = "\"";
  for (size_t i = 0; i < s.size();) {
    auto r = decode_rune(s, i);
    char hex[16];
    if (auto at = r.code < 128 ? from.find(static_cast<char>(r.code))
                               : std::string_view::npos;
        at != std::string_view::npos) {
      out += '\\';
      out += to[at];
    } else if (!r.valid || r.code < 0x20 || r.code == 0x7F) {
      std::snprintf(hex, sizeof hex, "\\x%02x",
                    static_cast<unsigned char>(s[i]));
      out += hex;
    } else if (!is_printable(r.code) || (ascii && r.code >= 0x80)) {
      std::snprintf(hex, sizeof hex, r.code < 0x10000 ? "\\u%04x" : "\\U%08x",
                    static_cast<unsigned>(r.code));
      out += hex;
    } else {
      out += s.substr(i, r.size);
    }
    i += r.size;
  }
  return out + '"';
}

} // namespace rego
