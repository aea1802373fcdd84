// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/http_url.hpp"

#include <algorithm>
#include <vector>

#include "builtins/go_url.hpp"
#include "builtins/support.hpp"
#include "core/unicode.hpp"

namespace rego {

namespace {

std::string lower(std::string_view s) {
  std::string out(s);
  for (auto& c : out)
    c = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 32 : c);
  return out;
}

bool all_of(std::string_view s, std::string_view also) {
  return std::all_of(s.begin(), s.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || also.find(c) != also.npos;
  });
}

std::string_view without_brackets(std::string_view s) {
  return s.size() > 2 && s.front() == '[' && s.back() == ']'
             ? s.substr(1, s.size() - 2)
             : s;
}

// Of a path or query: what is neither printable nor ASCII, and what some read
// as the end of something, is escaped.
std::string plain(std::string_view s) {
  std::string out;
  for (auto c : s) {
    auto b = static_cast<unsigned char>(c);
    if (b > 0x20 && b < 0x7F && c != '\\' && c != '"' && c != '<' && c != '>'
        && c != '#') {
      out += c;
      continue;
    }
    out += '%';
    out += "0123456789ABCDEF"[b >> 4];
    out += "0123456789ABCDEF"[b & 15];
  }
  return out;
}

std::string unescaped(std::string_view s) {
  std::string out;
  for (size_t i = 0; i < s.size(); ++i) {
    int high = i + 2 < s.size() ? hex_digit(s[i + 1]) : -1;
    int low = i + 2 < s.size() ? hex_digit(s[i + 2]) : -1;
    if (s[i] != '%' || high < 0 || low < 0) {
      out += s[i];
      continue;
    }
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return out;
}

// The part between the slashes and the path; empty where there is none.
std::string_view authority_of(std::string_view text) {
  auto at = text.find("://");
  if (at == text.npos)
    return {};
  auto rest = text.substr(at + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

bool read_host(const go_url& u, http_url& to, std::string& error) {
  to.host = lower(u.hostname());
  to.port = u.port();
  bool brackets = u.host.starts_with('[');
  bool good = !to.host.empty()
              && (brackets ? all_of(to.host, ":.") : all_of(to.host, ".-_"));
  if (!good)
    error = to.host.empty() ? "no Host in request URL"
                            : "invalid host " + go_quote(u.host);
  else if (to.port.size() > 5
           || (!to.port.empty()
               && (std::stoi(to.port) < 1 || std::stoi(to.port) > 65535)))
    error = "invalid port " + go_quote(to.port);
  return error.empty();
}

} // namespace

std::string http_url::authority() const {
  auto out = host.find(':') == host.npos ? host : "[" + host + "]";
  return port.empty() ? out : out + ":" + port;
}

std::string http_url::text() const {
  return scheme + "://" + authority() + path + (has_query ? "?" + query : "");
}

bool http_url::same_place(const http_url& other) const {
  auto port_of = [](const http_url& u) {
    if (!u.port.empty())
      return u.port;
    return std::string(u.scheme == "https" ? "443" : "80");
  };
  return scheme == other.scheme && host == other.host
         && port_of(*this) == port_of(other);
}

bool read_http_url(std::string_view text, http_url& to, std::string& error) {
  to = {};
  error.clear();
  go_url u;
  if (!parse_url(text, u, error)) {
    // The message quotes the URL: only what stands behind it is kept.
    auto at = error.rfind("\": ");
    error = at == error.npos ? error : error.substr(at + 3);
    return false;
  }
  to.scheme = u.scheme;
  if (to.scheme != "http" && to.scheme != "https") {
    error = "unsupported protocol scheme " + go_quote(to.scheme);
    return false;
  }
  if (!read_host(u, to, error))
    return false;
  auto a = authority_of(text);
  if (auto at = a.rfind('@'); at != a.npos) {
    to.has_user = true;
    to.user = unescaped(a.substr(0, at));
  }
  to.path = plain(u.escaped_path());
  if (!to.path.starts_with('/'))
    to.path.insert(0, "/");
  auto head = text.substr(0, text.find('#'));
  to.has_query = head.find('?') != head.npos;
  to.query = plain(u.raw_query);
  return true;
}

bool resolve_location(const http_url& from, std::string_view location,
                      http_url& to, std::string& error) {
  auto end = location.find_first_of(":/?#");
  if (end != location.npos && end > 0 && location[end] == ':')
    return read_http_url(location, to, error);
  if (location.starts_with("//"))
    return read_http_url(from.scheme + ":" + std::string(location), to, error);
  auto path = location.substr(0, location.find_first_of("?#"));
  std::string base = from.scheme + "://" + from.authority();
  if (path.empty()) {
    bool keeps = !location.starts_with('?') && from.has_query;
    return read_http_url(base + from.path + (keeps ? "?" + from.query : "")
                             + std::string(location),
                         to, error);
  }
  auto whole =
      path.starts_with('/')
          ? std::string(path)
          : from.path.substr(0, from.path.rfind('/') + 1) + std::string(path);
  return read_http_url(base + without_dots(whole)
                           + std::string(location.substr(path.size())),
                       to, error);
}

std::string shown_url(std::string_view text) {
  auto a = authority_of(text);
  auto at = a.rfind('@');
  auto colon = a.substr(0, at == a.npos ? 0 : at).find(':');
  if (colon == a.npos)
    return std::string(text);
  auto start = static_cast<size_t>(a.data() - text.data());
  return std::string(text.substr(0, start + colon + 1)) + "***"
         + std::string(text.substr(start + at));
}

bool is_allowed_host(std::string_view host, std::span<const std::string> list) {
  auto name = lower(without_brackets(host));
  return std::any_of(list.begin(), list.end(), [&](const std::string& one) {
    return lower(without_brackets(one)) == name;
  });
}

} // namespace rego
