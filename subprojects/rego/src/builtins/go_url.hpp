// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// URLs as Go's net/url reads them. Stateless; any thread.

#include <string>
#include <string_view>

namespace rego {

struct go_url {
  std::string scheme, opaque; // opaque is all of "x" in "mailto:x"
  std::string user, host;     // user as written, host with port
  std::string path, raw_path;
  std::string raw_query, fragment;
  bool empty_query = false; // a question mark with nothing behind it
  bool rooted = false;      // "file:/x": no host is written

  std::string hostname() const;
  std::string port() const;
  /// The path with its escapes, as requests carry it.
  std::string escaped_path() const;
  /// The whole as Go writes it.
  std::string text() const;
};

/// False, with Go's message, for what is no URL.
bool parse_url(std::string_view text, go_url& to, std::string& error);

/// What a reference means, seen from a URL (RFC 3986, 5.2), as Go resolves it:
/// without a base "a" is "/a".
go_url resolve_url(const go_url& base, const go_url& reference);

/// A path that begins with a slash without its dots, as RFC 3986 (5.2.4)
/// removes them.
std::string without_dots(std::string_view path);

} // namespace rego
