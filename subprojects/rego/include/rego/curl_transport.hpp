// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// http.send's transport on libcurl: HTTP/1.1, a connection a request, no
// redirects, no proxies whatever the environment says, http and https alone.
// Certificates are verified unless a policy says otherwise. Any thread. Not in
// the library, which does no I/O, but beside it: rego_curl_dep.

#include <functional>

#include "rego/http.hpp"

namespace rego {

struct curl_options {
  /// May a request connect to that address, "192.0.2.1" or "2001:db8::1"?
  /// Asked for each address that a host's name leads to, before anything is
  /// sent there, on the thread of the request. Unset: to any.
  std::function<bool(const std::string&)> may_connect = {};
};

/// Throws std::runtime_error where libcurl, which is loaded with the first
/// one, cannot be.
std::shared_ptr<http_transport> make_curl_transport(curl_options options = {});

} // namespace rego
