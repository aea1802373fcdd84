// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON writing, in Go's manner, and Rego source of a value.

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "core/json_members.hpp"
#include "core/unicode.hpp"
#include "rego/build.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

constexpr char hex[] = "0123456789abcdef";

void append_escape(std::string& to, char c) {
  switch (c) {
  case '"':
    to += "\\\"";
    break;
  case '\\':
    to += "\\\\";
    break;
  case '\n':
    to += "\\n";
    break;
  case '\r':
    to += "\\r";
    break;
  case '\t':
    to += "\\t";
    break;
  case '\b':
    to += "\\b";
    break;
  case '\f':
    to += "\\f";
    break;
  default: {
    auto u = static_cast<unsigned char>(c);
    to += "\\u00";
    to += hex[u >> 4];
    to += hex[u & 15];
  }
  }
}

// Why a byte may not stand for itself.
enum : uint8_t {
  plain_byte = 0,
  escaped_byte = 1,
  html_byte = 2,
  byte_beyond_ascii = 4
};

constexpr auto byte_classes = [] {
  std::array<uint8_t, 256> t{};
  for (size_t i = 0; i < t.size(); ++i)
    t[i] = i < 0x20 || i == '"' || i == '\\'  ? escaped_byte
           : i == '<' || i == '>' || i == '&' ? html_byte
           : i >= 0x80                        ? byte_beyond_ascii
                                              : plain_byte;
  return t;
}();

// What stands for the bytes at p, which are not ASCII, or null where they stand
// for themselves: JavaScript's line ends are escaped, and a byte that is no
// UTF-8 (a built-in may decode one) becomes U+FFFD, as with Go's encoder.
const char* replaced(const char*& p, const char* end) {
  char32_t c = 0;
  auto* behind = read_utf8(p, end, c);
  p = behind ? behind : p + 1;
  return !behind       ? "\\ufffd"
         : c == 0x2028 ? "\\u2028"
         : c == 0x2029 ? "\\u2029"
                       : nullptr;
}

void append_string(std::string& to, std::string_view s, bool html) {
  const uint8_t stops =
      escaped_byte | byte_beyond_ascii | (html ? html_byte : 0);
  to += '"';
  auto *p = s.data(), *end = p + s.size(), *from = p;
  while (p < end) {
    auto c = byte_classes[static_cast<unsigned char>(*p)] & stops;
    auto* at = p;
    if (c == plain_byte) {
      ++p;
    } else if (c == byte_beyond_ascii) {
      if (auto* instead = replaced(p, end)) {
        to.append(from, at) += instead;
        from = p;
      }
    } else {
      append_escape(to.append(from, at), *p++);
      from = p;
    }
  }
  to.append(from, end) += '"';
}

class json_writer {
public:
  json_writer(std::string& to, const json_style& s) : to_(to), style_(s) {
    pretty_ = s.indent > 0 || !s.indent_text.empty() || !s.prefix.empty();
  }

  /// From now on `write` stops beyond so many bytes.
  void bound(size_t bytes_max) { bytes_max_ = bytes_max; }

  /// From now on what is written goes there before a line where it is long.
  void hand_out(const std::function<void(std::string_view)>& put) {
    put_ = &put;
  }

  void write(const value& v) {
    if (beyond())
      return;
    if (v.depth() > value_depth_max)
      return write_deep(v);
    switch (v.type()) {
    case kind::boolean:
      to_ += v.as_boolean() ? "true" : "false";
      break;
    case kind::number:
      write_number(v);
      break;
    case kind::string:
      append_string(to_, v.as_string(), style_.escape_html);
      break;
    case kind::array:
      write_list(v.items());
      break;
    case kind::set:
      write_list(v.keys());
      break;
    case kind::object:
      write_object(v);
      break;
    default:
      to_ += "null";
    }
  }

  bool beyond() const { return beyond_ || to_.size() > bytes_max_; }

private:
  void write_number(const value& v) {
    if (!v.is_integer()) {
      to_ += number_text(v);
      return;
    }
    char buffer[24];
    auto i = v.as_integer();
    auto u = i < 0 ? 0 - static_cast<uint64_t>(i) : static_cast<uint64_t>(i);
    auto* p = buffer + sizeof buffer;
    do {
      *--p = static_cast<char>('0' + u % 10);
      u /= 10;
    } while (u);
    if (i < 0)
      *--p = '-';
    to_.append(p, static_cast<size_t>(buffer + sizeof buffer - p));
  }

  void line() {
    if (!pretty_)
      return;
    if (put_ && to_.size() > part_bytes) {
      (*put_)(to_);
      to_.clear();
    }
    to_ += '\n';
    to_ += style_.prefix;
    for (int i = 0; i < depth_; ++i)
      if (style_.indent_text.empty())
        to_.append(static_cast<size_t>(style_.indent), ' ');
      else
        to_ += style_.indent_text;
  }

  void write_list(std::span<const value> items) {
    to_ += '[';
    ++depth_;
    for (size_t i = 0; i < items.size() && !beyond(); ++i) {
      begin_line(i);
      write(items[i]);
    }
    --depth_;
    if (!items.empty())
      line();
    to_ += ']';
  }

  // What an arena was allowed to make deeper, without recursion.
  void write_deep(const value& whole) {
    std::vector<level> open{begin(whole)};
    while (!open.empty() && !beyond()) {
      auto& l = open.back();
      if (l.next == l.size()) {
        end(l.of);
        open.pop_back();
        continue;
      }
      auto part = begin_part(l, l.next++);
      if (part.depth() > value_depth_max)
        open.push_back(begin(part));
      else
        write(part);
    }
  }

  struct level {
    value of;
    std::vector<json_member> members; // of an object
    size_t next = 0;

    size_t size() const { return of.is_object() ? members.size() : of.size(); }
  };

  level begin(const value& v) {
    to_ += v.is_object() ? '{' : '[';
    ++depth_;
    return {v, v.is_object() ? members(v) : std::vector<json_member>()};
  }

  // What keys are as names may be far longer than they, so it is not even
  // begun where there is no room.
  std::vector<json_member> members(const value& v) {
    auto out = json_members(v, bytes_max_ - std::min(bytes_max_, to_.size()));
    beyond_ |= !out;
    return out ? std::move(*out) : std::vector<json_member>();
  }

  value begin_part(const level& l, size_t i) {
    if (!l.of.is_object()) {
      begin_line(i);
      return (l.of.is_set() ? l.of.keys() : l.of.items())[i];
    }
    begin_member(i, l.members[i].name);
    return l.members[i].item;
  }

  void end(const value& v) {
    --depth_;
    line();
    to_ += v.is_object() ? '}' : ']';
  }

  void begin_line(size_t i) {
    if (i)
      to_ += ',';
    line();
  }

  void begin_member(size_t i, std::string_view name) {
    begin_line(i);
    append_string(to_, name, style_.escape_html);
    to_ += pretty_ ? ": " : ":";
  }

  void write_object(const value& v) {
    to_ += '{';
    ++depth_;
    if (has_names(v))
      write_named(v);
    else
      write_members(members(v));
    --depth_;
    if (v.size() != 0)
      line();
    to_ += '}';
  }

  void write_named(const value& v) {
    auto keys = v.keys();
    for (size_t i = 0; i < keys.size() && !beyond(); ++i) {
      begin_member(i, keys[i].as_string());
      write(v.values()[i]);
    }
  }

  void write_members(const std::vector<json_member>& members) {
    for (size_t i = 0; i < members.size() && !beyond(); ++i) {
      begin_member(i, members[i].name);
      write(members[i].item);
    }
  }

  static constexpr size_t part_bytes = size_t{1} << 16;

  std::string& to_;
  const json_style& style_;
  const std::function<void(std::string_view)>* put_ = nullptr;
  bool pretty_;
  int depth_ = 0;
  size_t bytes_max_ = SIZE_MAX;
  bool beyond_ = false; // what is left out is longer
};

void append_rego(std::string& to, const value& v, size_t end) {
  auto list = [&](std::span<const value> items, char open, char close) {
    to += open;
    for (size_t i = 0; i < items.size() && to.size() <= end; ++i) {
      if (i)
        to += ", ";
      append_rego(to, items[i], end);
    }
    to += close;
  };
  if (v.is_array()) {
    list(v.items(), '[', ']');
  } else if (v.is_set()) {
    if (v.size() == 0)
      to += "set()";
    else
      list(v.keys(), '{', '}');
  } else if (v.is_object()) {
    to += '{';
    for (size_t i = 0; i < v.size() && to.size() <= end; ++i) {
      if (i)
        to += ", ";
      append_rego(to, v.keys()[i], end);
      to += ": ";
      append_rego(to, v.values()[i], end);
    }
    to += '}';
  } else if (v.is_string()) {
    append_string(to, v.as_string().substr(0, end), false);
  } else {
    append_json(to, v);
  }
}

} // namespace

bool append_json_within(std::string& to, const value& v, size_t bytes_max) {
  json_style plain;
  json_writer w(to, plain);
  w.bound(to.size() + bytes_max);
  w.write(v);
  return !w.beyond();
}

std::string json_string(std::string_view s) {
  std::string out;
  append_string(out, s, false);
  return out;
}

void append_json(std::string& to, const value& v, const json_style& s) {
  json_writer(to, s).write(v);
}

std::string to_json(const value& v, const json_style& s) {
  std::string out;
  append_json(out, v, s);
  return out;
}

void write_json(const value& v, const json_style& s,
                const std::function<void(std::string_view)>& put) {
  std::string last;
  json_writer w(last, s);
  w.hand_out(put);
  w.write(v);
  put(last);
}

std::string to_rego(const value& v) {
  std::string out;
  append_rego(out, v, SIZE_MAX);
  return out;
}

void append_rego_within(std::string& to, const value& v, size_t bytes_max) {
  append_rego(to, v, to.size() + bytes_max);
}

} // namespace rego
