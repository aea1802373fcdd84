// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/head.hpp"

#include "runtime/base/number_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace acgs::http {

namespace {

using outcome = std::optional<refusal>;

outcome bad(std::string sentence) {
  return refusal{400, std::move(sentence)};
}

/// RFC 9110, 5.6.2.
constexpr bool is_token_char(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
      || (c >= '0' && c <= '9'))
    return true;
  return std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    auto u = static_cast<unsigned char>(c);
    return c == '\t' || (u >= 0x20 && u != 0x7f);
  });
}

std::string_view trim(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes a line of a text that is known to end with CR LF; nothing where a CR
/// or LF stands alone in it.
std::optional<std::string_view> next_line(std::string_view& text) {
  auto end = text.find_first_of("\r\n");
  if (end == std::string_view::npos || text[end] != '\r'
      || end + 1 >= text.size() || text[end + 1] != '\n')
    return std::nullopt;
  auto line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

outcome read_method(std::string_view text, request& into) {
  for (std::size_t i = 0; i < method_names.size(); ++i)
    if (method_names[i] == text) {
      into.verb = static_cast<method>(i);
      return {};
    }
  if (!is_token(text))
    return bad("the request line does not begin with a method");
  return refusal{501, "the method " + std::string{text.substr(0, 32)}
                          + " is not served; expected GET, HEAD, POST, PUT, "
                            "PATCH, DELETE or OPTIONS"};
}

outcome read_target(std::string_view target, const limits& bounds,
                    request& into) {
  if (target.size() > bounds.target_bytes)
    return refusal{414, "the request target has "
                            + std::to_string(target.size()) + " bytes; at most "
                            + std::to_string(bounds.target_bytes)
                            + " are taken"};
  for (char c : target)
    if (static_cast<unsigned char>(c) <= 0x20
        || static_cast<unsigned char>(c) >= 0x7f || c == '#')
      return bad("the request target holds a character that must be "
                 "percent-encoded");
  if (target == "*" && into.verb == method::options) {
    into.path = target;
    return {};
  }
  // The absolute form, which servers must take (RFC 9112, 3.2.2).
  for (std::string_view scheme : {"http://", "https://"})
    if (equal_nocase(target.substr(0, scheme.size()), scheme)) {
      target.remove_prefix(scheme.size());
      auto slash = target.find_first_of("/?");
      into.host = target.substr(0, slash);
      target = slash == std::string_view::npos ? "/" : target.substr(slash);
      break;
    }
  auto mark = target.find('?');
  into.path = target.substr(0, mark);
  if (mark != std::string_view::npos)
    into.query = target.substr(mark + 1);
  if (into.path.empty() || into.path.front() != '/')
    return bad("the request target must begin with '/'");
  return {};
}

outcome read_request_line(std::string_view line, const limits& bounds,
                          request& into) {
  auto first = line.find(' ');
  auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return bad("the request line must be: method, target and HTTP version, "
               "each after one space");
  auto version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    if (version.substr(0, 5) == "HTTP/")
      return refusal{505, "the HTTP version "
                              + std::string{version.substr(5, 16)}
                              + " is not served; expected 1.1 or 1.0"};
    return bad("the request line must end with HTTP/1.1 or HTTP/1.0");
  }
  into.keep_alive = version == "HTTP/1.1";
  if (auto wrong = read_method(line.substr(0, first), into))
    return wrong;
  return read_target(line.substr(first + 1, last - first - 1), bounds, into);
}

outcome read_field(std::string_view line, std::size_t number, request& into) {
  auto where = "header line " + std::to_string(number);
  if (line.front() == ' ' || line.front() == '\t')
    return bad(where + " is folded; expected one line a field");
  auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return bad(where + " has no colon; expected 'name: value'");
  auto name = line.substr(0, colon);
  if (!is_token(name))
    return bad(where + " has a name with a forbidden character");
  auto value = trim(line.substr(colon + 1));
  if (!is_field_value(value))
    return bad(where + " (" + std::string{name.substr(0, 64)}
               + ") holds a control character");
  into.fields.push_back({name, value});
  return {};
}

outcome read_fields(std::string_view text, const limits& bounds,
                    request& into) {
  for (std::size_t number = 2;; ++number) {
    auto line = next_line(text);
    if (!line)
      return bad("header line " + std::to_string(number)
                 + " does not end with CR LF");
    if (line->empty())
      return {};
    if (into.fields.size() == bounds.fields)
      return refusal{431, "more than " + std::to_string(bounds.fields)
                              + " header fields"};
    if (auto wrong = read_field(*line, number, into))
      return wrong;
  }
}

outcome take_content_length(std::string_view value, head& into) {
  if (into.content_length)
    return bad("Content-Length is given twice");
  auto length = parse_number<std::uint64_t>(value);
  if (!length)
    return bad("Content-Length is '" + std::string{value.substr(0, 32)}
               + "'; expected one number of bytes");
  into.content_length = length;
  return {};
}

outcome take_transfer_encoding(std::string_view value, head& into) {
  if (into.chunked)
    return bad("Transfer-Encoding is given twice");
  if (!equal_nocase(value, "chunked"))
    return refusal{501, "Transfer-Encoding is '"
                            + std::string{value.substr(0, 32)}
                            + "'; expected chunked"};
  into.chunked = true;
  return {};
}

outcome take_connection(std::string_view value, request& into) {
  while (!value.empty()) {
    auto comma = value.find(',');
    auto option = trim(value.substr(0, comma));
    if (equal_nocase(option, "close"))
      into.keep_alive = false;
    else if (equal_nocase(option, "keep-alive"))
      into.keep_alive = true;
    value = comma == std::string_view::npos ? "" : value.substr(comma + 1);
  }
  return {};
}

/// Fields that decide who asks and what an answer stands for. Of two of them
/// another program before or after this one may take the other.
constexpr std::array<std::string_view, 5> single_fields = {
    "Authorization", "Content-Type", "Idempotency-Key", "Origin",
    "X-Request-ID"};

outcome check_singles(const std::vector<field>& fields) {
  for (auto name : single_fields)
    if (std::ranges::count_if(
            fields,
            [&](const field& at) { return equal_nocase(at.name, name); })
        > 1)
      return bad(std::string{name} + " is given twice");
  return {};
}

outcome take_field(const field& at, head& into, unsigned& hosts) {
  if (equal_nocase(at.name, "content-length"))
    return take_content_length(at.value, into);
  if (equal_nocase(at.name, "transfer-encoding"))
    return take_transfer_encoding(at.value, into);
  if (equal_nocase(at.name, "connection"))
    return take_connection(at.value, into.parsed);
  if (equal_nocase(at.name, "host")) {
    if (++hosts > 1)
      return bad("Host is given twice");
    if (into.parsed.host.empty())
      into.parsed.host = at.value;
  } else if (equal_nocase(at.name, "content-encoding")) {
    if (!into.content_encoding.empty())
      return bad("Content-Encoding is given twice");
    into.content_encoding = at.value;
  } else if (equal_nocase(at.name, "expect")) {
    if (!equal_nocase(at.value, "100-continue"))
      return refusal{417, "Expect is '" + std::string{at.value.substr(0, 32)}
                              + "'; expected 100-continue"};
    into.expects_continue = true;
  }
  return {};
}

/// What the fields say about the message's length and target.
outcome interpret(head& into, const limits& bounds, bool is_http_10) {
  unsigned hosts = 0;
  for (const auto& at : into.parsed.fields)
    if (auto wrong = take_field(at, into, hosts))
      return wrong;
  if (auto wrong = check_singles(into.parsed.fields))
    return wrong;
  if (into.chunked && into.content_length)
    return bad("Content-Length and Transfer-Encoding are both given");
  if (into.chunked && is_http_10)
    return bad("Transfer-Encoding is not part of HTTP/1.0");
  if (hosts == 0 && !is_http_10)
    return bad("Host is missing");
  if (into.content_length.value_or(0) > bounds.body_bytes)
    return refusal{413, "the body has " + std::to_string(*into.content_length)
                            + " bytes; at most "
                            + std::to_string(bounds.body_bytes)
                            + " are taken (http.body_bytes_max)"};
  return {};
}

} // namespace

bool may_begin_head(char first) {
  return is_token_char(first) || first == '\r' || first == '\n';
}

std::optional<std::size_t> find_head_end(std::string_view text,
                                         std::size_t from) {
  // Wrong line endings end the search as well, so that they are refused at
  // once and not waited upon.
  for (auto at = text.find('\n', from); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    if (at >= 1 && text[at - 1] == '\n')
      return at + 1;
    if (at >= 2 && text[at - 1] == '\r' && text[at - 2] == '\n')
      return at + 1;
  }
  return std::nullopt;
}

std::variant<head, refusal> read_head(std::string_view text,
                                      const limits& bounds) {
  head out;
  auto line = next_line(text);
  if (!line)
    return *bad("the request line does not end with CR LF");
  if (auto wrong = read_request_line(*line, bounds, out.parsed))
    return std::move(*wrong);
  auto is_http_10 = !out.parsed.keep_alive;
  if (auto wrong = read_fields(text, bounds, out.parsed))
    return std::move(*wrong);
  if (auto wrong = interpret(out, bounds, is_http_10))
    return std::move(*wrong);
  return out;
}

} // namespace acgs::http
