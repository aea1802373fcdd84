// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The URLs that http.send goes to: read once, strictly, and written anew for
// the transport, so that nobody understands another host than the one that was
// compared with those allowed. Stateless; any thread.

#include <span>
#include <string>
#include <string_view>

namespace rego {

struct http_url {
  std::string scheme; // "http" or "https"
  std::string user;   // what stands before the @, decoded: "name:password"
  bool has_user = false;
  std::string host; // lower case, without brackets
  std::string port; // empty: the scheme's
  std::string path; // with escapes, begins with a slash
  std::string query;
  bool has_query = false;

  /// Without user and fragment.
  std::string text() const;
  /// "host" or "host:port", as a Host header has it.
  std::string authority() const;
  bool same_place(const http_url& other) const;
};

/// False, with what is wrong, for what is no http or https URL with a host.
bool read_http_url(std::string_view text, http_url& to, std::string& error);

/// The URL that a Location header means, seen from another one.
bool resolve_location(const http_url& from, std::string_view location,
                      http_url& to, std::string& error);

/// The text of a URL for messages: a password is shown as ***.
std::string shown_url(std::string_view text);

/// Is the host one of those named, whatever their case and brackets?
bool is_allowed_host(std::string_view host, std::span<const std::string> list);

} // namespace rego
