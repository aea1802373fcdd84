// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/response_writer.hpp"

#include "runtime/net/http/gzip.hpp"

#include <charconv>
#include <ctime>

namespace acgs::http {

namespace {

void append_number(std::string& out, std::uint64_t value) {
  char text[20];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

/// A value from elsewhere cannot begin a field of its own.
void append_value(std::string& out, std::string_view value) {
  for (char c : value) {
    auto u = static_cast<unsigned char>(c);
    out.push_back(u < 0x20 || u == 0x7f ? '?' : c);
  }
}

void append_field(std::string& out, std::string_view name,
                  std::string_view value) {
  out.append(name).append(": ");
  append_value(out, value);
  out.append("\r\n");
}

bool has_body(unsigned status) {
  return status >= 200 && status != 204 && status != 304;
}

} // namespace

std::string_view reason_phrase(unsigned status) {
  struct pair {
    unsigned status;
    std::string_view phrase;
  };
  static constexpr pair known[] = {
      {100, "Continue"},
      {200, "OK"},
      {201, "Created"},
      {204, "No Content"},
      {207, "Multi-Status"},
      {301, "Moved Permanently"},
      {304, "Not Modified"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {507, "Insufficient Storage"},
  };
  for (const auto& at : known)
    if (at.status == status)
      return at.phrase;
  return "Other";
}

bool accepts_gzip(std::string_view accept) {
  while (!accept.empty()) {
    auto comma = accept.find(',');
    auto part = accept.substr(0, comma);
    accept = comma == std::string_view::npos ? "" : accept.substr(comma + 1);
    auto first = part.find_first_not_of(" \t");
    if (first == std::string_view::npos)
      continue;
    part.remove_prefix(first);
    auto coding = part.substr(0, part.find_first_of("; \t"));
    if (!equal_nocase(coding, "gzip"))
      continue;
    auto weight = part.find("q=");
    // "q=0", "q=0.0" and "q=0.000" say no (RFC 9110, 12.4.2).
    return weight == std::string_view::npos
           || part.find_first_of("123456789", weight) != std::string_view::npos;
  }
  return false;
}

response_writer::response_writer(const time_source& clock) : clock_{clock} {
  // The line is made at the first response.
}

const std::string& response_writer::date_line() {
  auto second = to_nanos(clock_.now()) / 1'000'000'000;
  if (second != second_) {
    second_ = second;
    std::tm parts{};
    auto time = static_cast<std::time_t>(second);
    gmtime_r(&time, &parts);
    char text[64];
    auto size = std::strftime(text, sizeof text,
                              "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    line_.assign(text, size);
  }
  return line_;
}

void response_writer::append(std::string& out, const response& from,
                             response_form form) {
  std::string packed;
  std::string_view body = from.body;
  bool gzipped = false;
  if (form.gzip && body.size() >= gzip_from) {
    packed = gzip(body);
    gzipped = packed.size() < body.size();
    if (gzipped)
      body = packed;
  }
  out.append("HTTP/1.1 ");
  append_number(out, from.status);
  out.append(" ").append(reason_phrase(from.status)).append("\r\n");
  out.append(date_line());
  if (has_body(from.status)) {
    if (!from.content_type.empty())
      append_field(out, "Content-Type", from.content_type);
    out.append("Content-Length: ");
    append_number(out, body.size());
    out.append("\r\n");
  }
  if (gzipped)
    out.append("Content-Encoding: gzip\r\n");
  if (from.body.size() >= gzip_from)
    out.append("Vary: Accept-Encoding\r\n");
  out.append(form.keep_alive ? "Connection: keep-alive\r\n"
                             : "Connection: close\r\n");
  for (const auto& [name, value] : from.fields)
    append_field(out, name, value);
  out.append("\r\n");
  if (has_body(from.status) && !form.head_only)
    out.append(body);
}

} // namespace acgs::http
