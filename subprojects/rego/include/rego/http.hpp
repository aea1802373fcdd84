// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What http.send needs of the world. The library does no I/O: whoever embeds it
// hands in a transport that carries one request to one host and back, and says
// which hosts policies may reach. Without a transport http.send is off.
//
// The library checks each host before the transport is asked for it, follows
// redirects itself (one call of the transport a hop, each checked anew),
// encodes and decodes bodies, retries and caches. A transport must therefore
// follow no redirect and go through no proxy: the host in the URL is the one it
// talks to.
//
// What an evaluation was told can be recorded and told again, so that a replay
// asks no network: http_access::record and http_access::recall.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rego {

class http_cache;

/// A header as it stands on the wire; one that is repeated stands twice.
struct http_header {
  std::string name;
  std::string value;
};

/// How a server proves itself, and the client to it. Texts are PEM.
struct http_tls {
  std::string ca_certificates;
  bool system_certificates = true; // count as well
  std::string client_certificate;
  std::string client_key;
  std::string server_name; // for SNI and verification; empty: the URL's host
  bool skip_verification = false;
};

/// One request to one host. The URL is plain: http or https, a host of letters,
/// digits, dots, dashes and underscores or an address in brackets, no user, no
/// fragment; whoever parses it sees the host that was allowed. Names and values
/// of headers hold no line breaks. `host` is the URL's, without brackets.
struct http_request {
  std::string method;
  std::string url;
  std::string host;
  std::vector<http_header> headers; // with Host where it is not the URL's
  std::string body;
  std::chrono::nanoseconds timeout{0}; // 0: none
  http_tls tls;
  size_t response_bytes_max = 0; // of body and headers together
  /// Whether the request is to end, which the transport asks often; unset: no.
  std::function<bool()> cancelled = {};
};

/// Why there is no response.
enum class http_failure : uint8_t {
  none,
  timeout,
  tls,        // the server or its certificate was refused, or the client's
  connection, // no such host, nobody listens, the connection broke
  refused,    // the transport's own rules
  too_large,  // beyond response_bytes_max
  cancelled
};

/// A response, or why there is none: a sentence without the URL in `message`.
struct http_response {
  std::string status; // "200 OK"
  int status_code = 0;
  std::vector<http_header> headers;
  std::string body;
  http_failure failure = http_failure::none;
  std::string message;
};

/// Carries requests. Evaluators on several threads may share one.
class http_transport {
public:
  virtual ~http_transport() = default;
  /// Blocks until the response is there whole, or there will be none.
  virtual http_response send(const http_request& request) = 0;
  /// Waits between two attempts, or until `cancelled` (may be unset).
  virtual void pause(std::chrono::nanoseconds time,
                     const std::function<bool()>& cancelled) = 0;
};

/// What one call of http.send came to. The request is named by the SHA-256 of
/// its JSON text in hexadecimal digits, as the text may hold secrets.
struct http_told {
  std::string request;
  std::string response;   // the response object as JSON; empty for an error
  std::string error_code; // "eval_builtin_error"
  std::string error_message;
};

/// The network as policies may see it. Unset functions read nothing.
struct http_access {
  std::shared_ptr<http_transport> transport; // null: http.send is off
  /// Names and addresses without ports, case and brackets do not count, as
  /// allow_net of OPA's capabilities. None: no request is made.
  std::vector<std::string> hosts = {};
  /// Responses kept across evaluations, for requests that ask for it; null:
  /// `cache` and `force_cache` change nothing.
  std::shared_ptr<http_cache> cache = {};
  /// A file's text, for tls_*_file; nothing where it cannot be read.
  std::function<std::optional<std::string>(const std::string&)> read_file = {};
  /// A variable's text, for tls_*_env_variable.
  std::function<std::optional<std::string>(const std::string&)> variable = {};
  size_t response_bytes_max = size_t{16} << 20; // and evaluation memory
  int redirects_max = 10;
  int retries_max = 10; // max_retry_attempts beyond it counts as it
  /// Gets what each request of an evaluation came to, once a request.
  std::function<void(const http_told&)> record = {};
  /// Where set, requests are answered by it alone and nothing is sent: what
  /// was recorded for a request named so, or nothing, which is an error.
  std::function<std::optional<http_told>(const std::string&)> recall = {};
};

} // namespace rego
