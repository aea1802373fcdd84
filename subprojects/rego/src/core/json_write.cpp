// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON writing, in Go's manner, and Rego source of a value.

#include <algorithm>

#include "rego/build.hpp"
#include "rego/json.hpp"

#include <cstdint>

namespace rego {

namespace {

constexpr char hex[] = "0123456789abcdef";

bool is_line_separator(std::string_view s, size_t i) {
  return i + 2 < s.size() && s[i] == '\xe2' && s[i + 1] == '\x80'
         && (s[i + 2] == '\xa8' || s[i + 2] == '\xa9');
}

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
  default: {
    auto u = static_cast<unsigned char>(c);
    to += "\\u00";
    to += hex[u >> 4];
    to += hex[u & 15];
  }
  }
}

void append_string(std::string& to, std::string_view s, bool html) {
  to += '"';
  size_t from = 0;
  for (size_t i = 0; i < s.size(); ++i) {
    auto c = s[i];
    bool plain = static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'
                 && !(html && (c == '<' || c == '>' || c == '&'));
    if (plain && !(c == '\xe2' && is_line_separator(s, i)))
      continue;
    to.append(s, from, i - from);
    if (c == '\xe2') {
      to += s[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      append_escape(to, c);
    }
    from = i + 1;
  }
  to.append(s, from);
  to += '"';
}

class json_writer {
public:
  json_writer(std::string& to, const json_style& s) : to_(to), style_(s) {
    pretty_ = s.indent > 0 || !s.indent_text.empty() || !s.prefix.empty();
  }

  /// From now on `write` stops beyond so many bytes.
  void bound(size_t bytes_max) { bytes_max_ = bytes_max; }

  void write(const value& v) {
    if (beyond())
      return;
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

  bool beyond() const { return to_.size() > bytes_max_; }

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
      if (i)
        to_ += ',';
      line();
      write(items[i]);
    }
    --depth_;
    if (!items.empty())
      line();
    to_ += ']';
  }

  void write_key(const value& key) {
    if (key.is_string()) {
      append_string(to_, key.as_string(), style_.escape_html);
      return;
    }
    std::string text;
    json_style plain;
    json_writer w(text, plain);
    w.bound(bytes_max_);
    w.write(key);
    append_string(to_, text, style_.escape_html);
  }

  void write_object(const value& v) {
    to_ += '{';
    ++depth_;
    auto keys = v.keys();
    auto values = v.values();
    for (size_t i = 0; i < keys.size() && !beyond(); ++i) {
      if (i)
        to_ += ',';
      line();
      write_key(keys[i]);
      to_ += pretty_ ? ": " : ":";
      write(values[i]);
    }
    --depth_;
    if (!keys.empty())
      line();
    to_ += '}';
  }

  std::string& to_;
  const json_style& style_;
  bool pretty_;
  int depth_ = 0;
  size_t bytes_max_ = SIZE_MAX;
};

void append_rego(std::string& to, const value& v) {
  auto list = [&](std::span<const value> items, char open, char close) {
    to += open;
    for (size_t i = 0; i < items.size(); ++i) {
      if (i)
        to += ", ";
      append_rego(to, items[i]);
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
    for (size_t i = 0; i < v.size(); ++i) {
      if (i)
        to += ", ";
      append_rego(to, v.keys()[i]);
      to += ": ";
      append_rego(to, v.values()[i]);
    }
    to += '}';
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

std::string to_rego(const value& v) {
  std::string out;
  append_rego(out, v);
  return out;
}

} // namespace rego
