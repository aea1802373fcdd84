// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/go_url.hpp"

#include <algorithm>

#include "builtins/families.hpp"
#include "builtins/support.hpp"
#include "core/unicode.hpp"

namespace rego {

namespace {

enum class part { path, host, zone, user, fragment };

bool alphanumeric(char c) {
  return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

bool in(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

bool needs_escape(char c, part p) {
  if (alphanumeric(c) || in(c, "-_.~"))
    return false;
  if (p == part::host || p == part::zone)
    return !in(c, "!$&'()*+,;=:[]<>\"");
  if (in(c, "$&+,/:;=?@"))
    return p == part::path ? c == '?' : p == part::user ? in(c, "@/?:") : false;
  return p != part::fragment || !in(c, "!()*");
}

std::string escape(std::string_view s, part p) {
  std::string out;
  for (auto c : s) {
    auto b = static_cast<unsigned char>(c);
    if (!needs_escape(c, p)) {
      out += c;
      continue;
    }
    out += '%';
    out += "0123456789ABCDEF"[b >> 4];
    out += "0123456789ABCDEF"[b & 15];
  }
  return out;
}

bool unescape(std::string_view s, part p, std::string& to, std::string& error) {
  bool in_host = p == part::host || p == part::zone;
  for (size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '%') {
      bool ascii = static_cast<unsigned char>(s[i]) < 0x80;
      if (in_host && ascii && needs_escape(s[i], p)) {
        error =
            "invalid character " + go_quote(s.substr(i, 1)) + " in host name";
        return false;
      }
      to += s[i];
      continue;
    }
    auto triple = s.substr(i, 3);
    bool good = triple.size() == 3 && hex_digit(triple[1]) >= 0
                && hex_digit(triple[2]) >= 0;
    int byte = good ? hex_digit(triple[1]) << 4 | hex_digit(triple[2]) : 0;
    auto c = static_cast<char>(byte);
    // A host escapes what is not ASCII, a zone what a host may hold.
    if (good && triple != "%25" && p == part::host && byte < 0x80)
      good = false;
    if (good && triple != "%25" && p == part::zone && c != ' '
        && needs_escape(c, part::host))
      good = false;
    if (!good) {
      error = "invalid URL escape " + go_quote(triple);
      return false;
    }
    to += c;
    i += 2;
  }
  return true;
}

bool valid_port(std::string_view s) {
  return s.empty()
         || (s[0] == ':'
             && s.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

bool read_host(std::string_view h, std::string& to, std::string& error) {
  auto bad_port = [&](std::string_view port) {
    error = "invalid port " + go_quote(port) + " after host";
    return false;
  };
  if (!h.starts_with('[')) {
    auto colon = h.rfind(':');
    if (colon != std::string_view::npos && !valid_port(h.substr(colon)))
      return bad_port(h.substr(colon));
    return unescape(h, part::host, to, error);
  }
  auto close = h.rfind(']');
  if (close == std::string_view::npos) {
    error = "missing ']' in host";
    return false;
  }
  if (!valid_port(h.substr(close + 1)))
    return bad_port(h.substr(close + 1));
  auto zone = h.substr(0, close).find("%25");
  if (zone == std::string_view::npos)
    return unescape(h, part::host, to, error);
  return unescape(h.substr(0, zone), part::host, to, error)
         && unescape(h.substr(zone, close - zone), part::zone, to, error)
         && unescape(h.substr(close), part::host, to, error);
}

bool read_authority(std::string_view a, go_url& to, std::string& error) {
  auto at = a.rfind('@');
  if (at == std::string_view::npos)
    return read_host(a, to.host, error);
  if (!read_host(a.substr(at + 1), to.host, error))
    return false;
  auto user = a.substr(0, at);
  to.user = user;
  for (auto c : user) {
    if (!alphanumeric(c) && !in(c, "-._:~!$&'()*+,;=%@")) {
      error = "net/url: invalid userinfo";
      return false;
    }
  }
  std::string ignored;
  return unescape(user, part::user, ignored, error);
}

// "mailto" of "mailto:x"; false for a colon in front.
bool read_scheme(std::string_view& rest, std::string& scheme,
                 std::string& error) {
  for (size_t i = 0; i < rest.size(); ++i) {
    char c = rest[i];
    if ((c | 32) >= 'a' && (c | 32) <= 'z')
      continue;
    if (((c >= '0' && c <= '9') || in(c, "+-.")) && i > 0)
      continue;
    if (c != ':')
      return true;
    if (i == 0) {
      error = "missing protocol scheme";
      return false;
    }
    scheme = rest.substr(0, i);
    for (auto& l : scheme)
      l = static_cast<char>(l >= 'A' && l <= 'Z' ? l | 32 : l);
    rest.remove_prefix(i + 1);
    return true;
  }
  return true;
}

bool read_without_fragment(std::string_view rest, go_url& to,
                           std::string& error) {
  for (auto c : rest) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      error = "net/url: invalid control character in URL";
      return false;
    }
  }
  if (rest == "*") {
    to.path = "*";
    return true;
  }
  if (!read_scheme(rest, to.scheme, error))
    return false;
  if (auto q = rest.find('?'); q != std::string_view::npos) {
    to.raw_query = rest.substr(q + 1);
    to.empty_query = to.raw_query.empty();
    rest = rest.substr(0, q);
  }
  if (!rest.starts_with('/')) {
    if (!to.scheme.empty()) {
      to.opaque = rest;
      return true;
    }
    if (rest.substr(0, rest.find('/')).find(':') != std::string_view::npos) {
      error = "first path segment in URL cannot contain colon";
      return false;
    }
  }
  if (rest.starts_with("//")
      && (!to.scheme.empty() || !rest.starts_with("///"))) {
    auto end = std::min(rest.find('/', 2), rest.size());
    if (!read_authority(rest.substr(2, end - 2), to, error))
      return false;
    rest = rest.substr(end);
  } else {
    to.rooted = !to.scheme.empty();
  }
  if (!unescape(rest, part::path, to.path, error))
    return false;
  if (rest != escape(to.path, part::path))
    to.raw_path = rest;
  return true;
}

value parse_uri(call_context& c, args a) {
  if (!need(c, a, {kind::string}))
    return {};
  c.tick(a[0].as_string().size() / 16);
  go_url u;
  std::string error;
  if (!parse_url(a[0].as_string(), u, error))
    return c.fail(error);
  object_builder out(c.memory());
  auto add = [&](std::string_view name, const std::string& text) {
    if (!text.empty())
      out.add(name, c.string(text));
  };
  add("scheme", u.scheme);
  add("hostname", u.hostname());
  add("port", u.port());
  add("path", u.path);
  add("raw_path", u.raw_path.empty() ? u.path : u.raw_path);
  add("raw_query", u.raw_query);
  add("fragment", u.fragment);
  return out.finish();
}

value is_uri(call_context& c, args a) {
  if (!a[0].is_string() || a[0].as_string().empty())
    return truth(false);
  c.tick(a[0].as_string().size() / 16);
  go_url u;
  std::string error;
  return truth(parse_url(a[0].as_string(), u, error));
}

} // namespace

std::string go_url::hostname() const {
  auto colon = host.rfind(':');
  auto name = colon != std::string::npos && valid_port(host.substr(colon))
                  ? host.substr(0, colon)
                  : host;
  if (name.starts_with('[') && name.ends_with(']'))
    return name.substr(1, name.size() - 2);
  return name;
}

std::string go_url::port() const {
  auto colon = host.rfind(':');
  return colon != std::string::npos && valid_port(host.substr(colon))
             ? host.substr(colon + 1)
             : std::string();
}

std::string go_url::escaped_path() const {
  bool usable = !raw_path.empty();
  for (auto c : raw_path)
    usable =
        usable && (in(c, "!$&'()*+,;=:@[]%") || !needs_escape(c, part::path));
  if (usable)
    return raw_path;
  return path == "*" ? path : escape(path, part::path);
}

std::string go_url::text() const {
  std::string out = scheme.empty() ? "" : scheme + ":";
  auto p = escaped_path();
  if (!opaque.empty()) {
    out += opaque;
  } else {
    bool authority = !host.empty() || !user.empty();
    if (authority || (!scheme.empty() && !rooted && !p.empty()))
      out += "//";
    if (!user.empty())
      out += user + "@";
    out += escape(host, part::host);
    if (!host.empty() && !p.empty() && p[0] != '/')
      out += '/';
    if (out.empty() && p.substr(0, p.find('/')).find(':') != p.npos)
      out += "./";
    out += p;
  }
  if (empty_query || !raw_query.empty())
    out += "?" + raw_query;
  return fragment.empty() ? out : out + "#" + escape(fragment, part::fragment);
}

bool parse_url(std::string_view text, go_url& to, std::string& error) {
  auto hash = text.find('#');
  auto head = text.substr(0, hash);
  std::string why;
  if (!read_without_fragment(head, to, why)) {
    error = "parse " + go_quote(head) + ": " + why;
    return false;
  }
  if (hash != std::string_view::npos
      && !unescape(text.substr(hash + 1), part::fragment, to.fragment, why)) {
    error = "parse " + go_quote(text) + ": " + why;
    return false;
  }
  return true;
}

std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  bool slash = true;
  for (size_t at = 1; at <= path.size();) {
    auto end = std::min(path.find('/', at), path.size());
    auto part = path.substr(at, end - at);
    slash = part.empty() || part == "." || part == "..";
    if (part == ".." && !kept.empty())
      kept.pop_back();
    else if (part != ".." && part != "."
             && (!part.empty() || end < path.size()))
      kept.push_back(part);
    at = end + 1;
  }
  std::string out;
  for (auto part : kept)
    out.append("/").append(part);
  return slash || out.empty() ? out + "/" : out;
}

go_url resolve_url(const go_url& base, const go_url& reference) {
  auto out = reference;
  auto at_path = [&out](const std::string& path) {
    std::string why;
    out.path.clear();
    out.raw_path = path.empty() ? "" : without_dots(path);
    unescape(out.raw_path, part::path, out.path, why);
    return out;
  };
  auto path = reference.escaped_path();
  auto rooted = path.empty() || path[0] == '/' ? path : "/" + path;
  if (!reference.scheme.empty() || !reference.host.empty()
      || !reference.user.empty()) {
    if (out.scheme.empty())
      out.scheme = base.scheme;
    return at_path(rooted);
  }
  out.scheme = base.scheme;
  if (path.empty() && !reference.empty_query && reference.raw_query.empty()) {
    out.raw_query = base.raw_query;
    if (reference.fragment.empty())
      out.fragment = base.fragment;
  }
  if (path.empty() && !base.opaque.empty()) {
    out.opaque = base.opaque;
    return out;
  }
  out.host = base.host;
  out.user = base.user;
  auto from = base.escaped_path();
  if (path.empty())
    return at_path(from);
  auto folder = from.substr(0, from.rfind('/') + 1);
  return at_path(path[0] == '/' || folder.empty() ? rooted : folder + path);
}

void register_uri(builtin_table& t) {
  t.add("uri.is_valid", is_uri);
  t.add("uri.parse", parse_uri);
}

} // namespace rego
