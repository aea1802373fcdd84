// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The keys of everything that faces outwards: node, process, http, rpc,
// metrics, cluster, auth, limits, logging.

#include "runtime/base/log.hpp"
#include "runtime/config/key.hpp"
#include "runtime/config/units.hpp"

#include <algorithm>

namespace acgs::config {

namespace {

using namespace std::chrono_literals;

bool is_name(std::string_view text) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= 63 && text.front() != '-'
         && text.back() != '-' && std::all_of(text.begin(), text.end(), fits);
}

bool is_host(std::string_view text) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
           || c == '.';
  };
  return !text.empty() && text.size() <= 253
         && std::all_of(text.begin(), text.end(), fits);
}

/// scheme://host[:port], as browsers send it; "*" is refused on purpose.
bool is_origin(std::string_view text) {
  auto fits = [](char c) {
    return c > ' ' && c < 0x7f && c != '/' && c != '"' && c != '*' && c != '@';
  };
  for (std::string_view scheme : {"http://", "https://"})
    if (text.starts_with(scheme)) {
      text.remove_prefix(scheme.size());
      return !text.empty() && text.size() <= 253
             && std::all_of(text.begin(), text.end(), fits);
    }
  return false;
}

/// Steps of letters, digits, _ . and -, where one may be * and the first **;
/// the last is named, so that no pattern means everything.
bool is_document_pattern(std::string_view text) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  };
  if (text.size() > 253 || text == "acgs" || text.starts_with("acgs/"))
    return false;
  for (bool first = true;; first = false) {
    auto slash = text.find('/');
    auto step = text.substr(0, slash);
    bool last = slash == std::string_view::npos;
    bool wild = step == "*" || (first && step == "**");
    if (step == "." || step == ".." || step.empty() || (wild && last)
        || (!wild && !std::all_of(step.begin(), step.end(), fits)))
      return false;
    if (last)
      return true;
    text.remove_prefix(slash + 1);
  }
}

bool is_level(std::string_view text) {
  return log::parse_level(text).has_value();
}

std::vector<key> node_keys() {
  return {
      text(
          "node.name", "Name of this node, part of the origin of its ledger.",
          [](settings& s) { return &s.node.name; }, "node-1",
          "1 to 63 of a-z, 0-9 and -", is_name),
      file(
          "node.data_dir",
          "Folder of everything that the node keeps. Other paths may begin "
          "with $data_dir.",
          [](settings& s) { return &s.node.data_dir; }, "./data"),
      file(
          "process.pid_dir", "Folder of the PID, port and lock files.",
          [](settings& s) { return &s.process.pid_dir; }, "$data_dir/pids"),
      span_of_time(
          "process.start_timeout",
          "How long start.sh waits until the node is healthy.",
          [](settings& s) { return &s.process.start_timeout; }, "30s", 1s, 1h),
      span_of_time(
          "process.drain_timeout",
          "How long a stopping node lets accepted requests finish.",
          [](settings& s) { return &s.process.drain_timeout; }, "7s", 0s, 1h),
      span_of_time(
          "process.graceful_shutdown_timeout",
          "How long stop.sh waits after SIGTERM before it sends SIGKILL; "
          "shortly before, a node ends itself whose parts do not.",
          [](settings& s) { return &s.process.graceful_shutdown_timeout; },
          "10s", 1s, 1h),
      flag(
          "process.strict_ports",
          "Whether a busy port is an error; else the next free one is taken.",
          [](settings& s) { return &s.process.strict_ports; }, "false"),
      count(
          "process.restarts_max",
          "Restarts of one actor within restarts_window before its "
          "supervisor gives up and the process ends.",
          [](settings& s) { return &s.process.restarts_max; }, "5", 0, 1000),
      span_of_time(
          "process.restarts_window",
          "The time in which restarts are counted together.",
          [](settings& s) { return &s.process.restarts_window; }, "30s", 1s,
          24h),
      text(
          "cluster.name", "Name of the cluster, part of the ledger's origin.",
          [](settings& s) { return &s.cluster.name; }, "local",
          "1 to 63 of a-z, 0-9 and -", is_name),
  };
}

std::vector<key> http_keys() {
  return {
      listens(
          "http.listen",
          "Addresses of the HTTP gateway. Off loopback TLS is required.",
          [](settings& s) { return &s.http.listen; }, "127.0.0.1:8181"),
      texts(
          "http.hosts",
          "Names taken in Host besides localhost and the listen addresses.",
          [](settings& s) { return &s.http.hosts; }, "", "host names", is_host),
      texts(
          "http.cors_origins", "Web origins whose pages may call the node.",
          [](settings& s) { return &s.http.cors_origins; }, "",
          "origins such as https://ops.example", is_origin),
      file(
          "http.tls_certificate", "Certificate chain, PEM. Empty: plain HTTP.",
          [](settings& s) { return &s.http.tls_certificate; }, ""),
      file(
          "http.tls_key", "Private key of the certificate, PEM, mode 0600.",
          [](settings& s) { return &s.http.tls_key; }, ""),
      file(
          "http.tls_client_authority",
          "Authority whose client certificates are taken, PEM. Empty: none. "
          "Who holds one is cert: and its common name, as with rpc.listen.",
          [](settings& s) { return &s.http.tls_client_authority; }, ""),
      size(
          "http.body_bytes_max", "Largest body of a request, also unpacked.",
          [](settings& s) { return &s.http.body_bytes_max; }, "8MiB", kib,
          64 * mib),
      size(
          "http.bodies_bytes_max",
          "Bodies of all requests that are being received or answered, but for "
          "the first 16 KiB of each. One that finds no room is refused with "
          "503 and Retry-After.",
          [](settings& s) { return &s.http.bodies_bytes_max; }, "256MiB", kib,
          tib),
      size(
          "http.header_bytes_max", "Largest header of a request.",
          [](settings& s) { return &s.http.header_bytes_max; }, "32KiB", kib,
          mib),
      count(
          "http.connections_max", "Connections at a time.",
          [](settings& s) { return &s.http.connections_max; }, "1024", 1,
          100'000),
      span_of_time(
          "http.request_timeout",
          "Time in which a request must have arrived whole.",
          [](settings& s) { return &s.http.request_timeout; }, "30s", 100ms,
          1h),
      span_of_time(
          "http.idle_timeout", "Time a connection may stay unused.",
          [](settings& s) { return &s.http.idle_timeout; }, "60s", 100ms, 24h),
  };
}

std::vector<key> rpc_keys() {
  return {
      listen(
          "rpc.listen",
          "Address of Cap'n Proto RPC over mutual TLS. Who comes with the "
          "certificate keys/tls/admin.pem is cert:admin, an agent until that "
          "user has another role (acgs user add cert:admin --role admin) or is "
          "revoked (acgs user revoke cert:admin).",
          [](settings& s) { return &s.rpc.listen; }, "127.0.0.1:8182"),
      file(
          "rpc.socket", "Unix socket of RPC, for callers on this machine.",
          [](settings& s) { return &s.rpc.socket; }, "$data_dir/acgsd.sock"),
      size(
          "rpc.message_bytes_max", "Largest message.",
          [](settings& s) { return &s.rpc.message_bytes_max; }, "8MiB",
          64 * kib, 64 * mib),
      count(
          "rpc.sessions_max", "Connections at a time.",
          [](settings& s) { return &s.rpc.sessions_max; }, "256", 1, 10'000),
      count(
          "rpc.calls_in_flight_max",
          "Calls of one session that may wait for their answers.",
          [](settings& s) { return &s.rpc.calls_in_flight_max; }, "256", 1,
          65'536),
      listen(
          "metrics.listen", "Address of the Prometheus exposer.",
          [](settings& s) { return &s.metrics.listen; }, "127.0.0.1:9464"),
  };
}

std::vector<key> caller_keys() {
  return {
      flag(
          "auth.anonymous_loopback",
          "Whether HTTP callers on loopback without a token are agents.",
          [](settings& s) { return &s.auth.anonymous_loopback; }, "true"),
      texts(
          "auth.anonymous_paths",
          "Paths below data that callers without a token may ask for beside "
          "acgs/main/decision and acgs/main/allow: * is any one step, ** at "
          "the front any number of them. None leads into acgs.",
          [](settings& s) { return &s.auth.anonymous_paths; }, "**/allow",
          "paths such as app/allow or **/allow", is_document_pattern),
      span_of_time(
          "auth.token_ttl", "Life of an access token.",
          [](settings& s) { return &s.auth.token_ttl; }, "15m", 1s, 30 * 24h),
      span_of_time(
          "auth.refresh_ttl", "Life of a refresh token.",
          [](settings& s) { return &s.auth.refresh_ttl; }, "12h", 1s,
          365 * 24h),
      count(
          "auth.login_attempts",
          "Failures in a row that lock a user name and an address.",
          [](settings& s) { return &s.auth.login_attempts; }, "5", 1, 100),
      span_of_time(
          "auth.login_lock", "How long such a lock lasts.",
          [](settings& s) { return &s.auth.login_lock; }, "15m", 1s, 24h),
      count(
          "limits.requests_per_second",
          "Requests a second that one caller may send. 0: no limit.",
          [](settings& s) { return &s.limits.requests_per_second; }, "10000", 0,
          10'000'000),
      rates(
          "limits.requests_per_second_by_role",
          "The same for callers of some roles.",
          [](settings& s) { return &s.limits.requests_per_second_by_role; },
          10'000'000),
      count(
          "limits.burst",
          "Requests that a caller may send at once after a pause.",
          [](settings& s) { return &s.limits.burst; }, "20000", 1, 10'000'000),
  };
}

std::vector<key> logging_keys() {
  std::vector<key> out{
      text(
          "logging.level", "Least level written. LOG_LEVEL says the same.",
          [](settings& s) { return &s.logging.level; }, "INFO",
          "DEBUG, INFO, WARNING or ERROR", is_level),
      file(
          "logging.file",
          "The log file. Empty: standard output. LOG_FILE says the same.",
          [](settings& s) { return &s.logging.file; }, ""),
      size(
          "logging.max_bytes",
          "Size at which the file is moved aside to FILE.1; 0: never. "
          "LOG_MAX_BYTES says the same.",
          [](settings& s) { return &s.logging.max_bytes; }, "10MiB", 0, gib),
      count(
          "logging.backup_count",
          "Files kept aside; 0: the file only grows. LOG_BACKUP_COUNT says "
          "the same.",
          [](settings& s) { return &s.logging.backup_count; }, "5", 0, 1000),
  };
  out.front().needs_restart = false; // acgs logs level
  return out;
}

} // namespace

std::vector<key> serving_keys() {
  std::vector<key> out;
  for (auto part :
       {node_keys(), http_keys(), rpc_keys(), caller_keys(), logging_keys()})
    out.insert(out.end(), part.begin(), part.end());
  return out;
}

} // namespace acgs::config
