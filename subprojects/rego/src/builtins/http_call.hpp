// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The argument of http.send, read and checked: what is to be sent, and how the
// answer is to be treated. Stateless; any thread.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/builtin.hpp"
#include "builtins/http_url.hpp"
#include "rego/http.hpp"

namespace rego {

struct http_call {
  http_url url;
  std::string shown; // the URL as given, for messages
  std::string method;
  std::vector<http_header> headers;
  std::string body;
  std::chrono::nanoseconds timeout{0}; // of one attempt; 0: none
  http_tls tls;
  bool redirects = false;
  int retries = 0;
  bool force_json = false;
  bool force_yaml = false;
  bool cached = false; // by `cache` or `force_cache`
  std::optional<int64_t> forced_seconds;
  bool keep_decoded = false;
};

/// The member of a request, undefined where it is not there.
value http_member(call_context& c, const value& request, std::string_view name);

/// What http_call says of a request whose members are all known ones; false
/// with a sentence that names the member.
bool read_http_call(call_context& c, const http_access& world,
                    const value& request, http_call& to, std::string& error);

/// The name of a request among recorded ones.
std::string http_request_name(call_context& c, const value& request);

/// The same among cached ones: `cache_ignored_headers` do not count.
std::string http_cache_key(call_context& c, const value& request);

/// Do two names of headers mean the same?
bool same_header(std::string_view a, std::string_view b);
/// The first header of that name, or null.
const http_header* find_header(std::span<const http_header> list,
                               std::string_view name);

} // namespace rego
