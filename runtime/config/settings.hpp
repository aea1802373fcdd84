// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a node is told: one plain value, made and checked by `load` at start
// and handed around by const reference or copy. Every member is a key of
// config/acgs.yaml under the same name; meaning, default and bounds of each
// are in the key table (keys_serving.cpp, keys_deciding.cpp) and nowhere else.
// `defaults()` makes the value of an empty file; `settings{}` is all zeros.

#include "runtime/domain/identity.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace acgs::config {

/// Where to listen, or a busy port's neighbourhood. The host is an IP address
/// or "localhost".
struct address {
  std::string host;
  std::uint16_t port = 0; ///< 0: any free one

  /// Whether only this machine can reach it.
  bool is_loopback() const;
  /// "127.0.0.1:8181", "[::1]:8181".
  std::string to_string() const;
  friend bool operator==(const address&, const address&) = default;
};

using duration = std::chrono::nanoseconds;
using path = std::filesystem::path;

struct node_settings {
  std::string name;
  path data_dir;
};

struct process_settings {
  path pid_dir;
  duration start_timeout{};
  duration drain_timeout{};
  duration graceful_shutdown_timeout{};
  bool strict_ports = false;
  std::uint64_t restarts_max = 0;
  duration restarts_window{};
};

struct http_settings {
  std::vector<address> listen;
  std::vector<std::string> hosts;
  std::vector<std::string> cors_origins;
  path tls_certificate;
  path tls_key;
  path tls_client_authority;
  std::uint64_t body_bytes_max = 0;
  std::uint64_t bodies_bytes_max = 0;
  std::uint64_t header_bytes_max = 0;
  std::uint64_t connections_max = 0;
  duration request_timeout{};
  duration idle_timeout{};
};

struct rpc_settings {
  address listen;
  path socket;
  std::uint64_t message_bytes_max = 0;
  std::uint64_t sessions_max = 0;
  std::uint64_t calls_in_flight_max = 0;
};

struct metrics_settings {
  address listen;
};

struct cluster_settings {
  std::string name;
};

struct policy_settings {
  std::vector<path> directories;
  std::uint64_t evaluators = 0;
  std::uint64_t queue_max = 0;
  std::uint64_t instructions_max = 0;
  duration time_max{};
  std::uint64_t memory_max = 0;
  std::uint64_t input_bytes_max = 0;
  std::uint64_t batch_inputs_max = 0;
  std::uint64_t candidate_queue_max = 0;
  std::string default_decision; ///< path of a document, "system/main"
  std::uint64_t cache_entries_l1 = 0;
  std::uint64_t cache_entries_l2 = 0;
  std::uint64_t cache_size_l1 = 0;                ///< bytes
  std::uint64_t cache_size_l2 = 0;                ///< bytes
  std::map<std::string, std::string> bundle_keys; ///< id -> file
  std::string bundle_scope;
};

struct egress_settings {
  std::vector<std::string> hosts; ///< names, addresses, networks
  duration timeout{};
  std::uint64_t response_bytes_max = 0;
  std::uint64_t cache_bytes = 0;
};

struct constitution_settings {
  path directory;
  std::map<std::string, std::string> aliases; ///< digest (hex) -> 16 digits
  std::string pin;
};

struct ledger_settings {
  std::uint64_t map_size = 0;
  std::uint64_t reserve = 0;
  std::uint64_t queue_max = 0;
  std::uint64_t readers = 0;
  std::vector<path> archive;
};

struct keys_settings {
  path dir;
  path passphrase_file;
  path key_file;
};

struct auth_settings {
  bool anonymous_loopback = false;
  std::vector<std::string> anonymous_paths;
  duration token_ttl{};
  duration refresh_ttl{};
  std::uint64_t login_attempts = 0;
  duration login_lock{};
};

struct limits_settings {
  std::uint64_t requests_per_second = 0;
  std::map<domain::role, std::uint64_t> requests_per_second_by_role;
  std::uint64_t burst = 0;
};

/// Names and meanings as in resilience4j.
struct breakers_settings {
  std::string sliding_window_type;
  std::uint64_t sliding_window_size = 0;
  std::uint64_t minimum_number_of_calls = 0;
  double failure_rate_threshold = 0;
  double slow_call_rate_threshold = 0;
  duration slow_call_duration_threshold{};
  std::uint64_t permitted_number_of_calls_in_half_open_state = 0;
  duration wait_duration_in_open_state{};
  duration wait_duration_in_open_state_max{};
  double wait_jitter = 0;
};

struct logging_settings {
  std::string level;
  path file;
  std::uint64_t max_bytes = 0;
  std::uint64_t backup_count = 0;
};

struct settings {
  node_settings node;
  process_settings process;
  http_settings http;
  rpc_settings rpc;
  metrics_settings metrics;
  cluster_settings cluster;
  policy_settings policy;
  egress_settings egress;
  constitution_settings constitution;
  ledger_settings ledger;
  keys_settings keys;
  auth_settings auth;
  limits_settings limits;
  breakers_settings breakers;
  logging_settings logging;
};

} // namespace acgs::config
