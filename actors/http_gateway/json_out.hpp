// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON objects and arrays put together by hand, for answers.
//
//   json_object out;
//   out.text("status", "healthy").number("count", 3).raw("facts", facts);
//   response.body = out.take();

#include "runtime/base/json_text.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <string>
#include <string_view>

namespace acgs::http_gateway {

/// Appends a number; what JSON has no number for becomes null.
inline void append_json_number(std::string& out, double value) {
  char text[32];
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

template <std::integral T>
void append_json_number(std::string& out, T value) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

/// Microseconds are what anybody reads; more digits are noise.
inline double to_milliseconds(std::chrono::nanoseconds from) {
  return static_cast<double>(from.count() / 1000) / 1000.0;
}

class json_object {
public:
  /// The value is JSON text already.
  json_object& raw(std::string_view key, std::string_view json) {
    begin(key);
    text_ += json;
    return *this;
  }
  json_object& text(std::string_view key, std::string_view value) {
    begin(key);
    append_json_string(text_, value);
    return *this;
  }
  template <class T>
  json_object& number(std::string_view key, T value) {
    begin(key);
    append_json_number(text_, value);
    return *this;
  }
  json_object& flag(std::string_view key, bool value) {
    return raw(key, value ? "true" : "false");
  }

  /// The object's text; to be called once, at the end.
  std::string take() {
    text_ += text_.empty() ? "{}" : "}";
    return std::move(text_);
  }

private:
  void begin(std::string_view key) {
    text_ += text_.empty() ? '{' : ',';
    append_json_string(text_, key);
    text_ += ':';
  }

  std::string text_;
};

class json_array {
public:
  void raw(std::string_view json) {
    text_ += text_.empty() ? '[' : ',';
    text_ += json;
  }
  void text(std::string_view value) {
    text_ += text_.empty() ? '[' : ',';
    append_json_string(text_, value);
  }
  std::string take() {
    text_ += text_.empty() ? "[]" : "]";
    return std::move(text_);
  }

private:
  std::string text_;
};

} // namespace acgs::http_gateway
