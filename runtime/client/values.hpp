// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a node tells its clients, as plain structs. The meaning of each field
// is in `schemas/gateway.capnp`, whose names these follow; times and durations
// are nanoseconds.

#include "runtime/base/bytes.hpp"
#include "runtime/domain/control_state.hpp"
#include "runtime/domain/decision.hpp"
#include "runtime/domain/figures.hpp"
#include "runtime/domain/identity.hpp"
#include "runtime/domain/payload.hpp"
#include "runtime/domain/replay.hpp"
#include "runtime/wire/decision.hpp"
#include "runtime/wire/entry.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace acgs::client {

using domain::cache_stats;
using domain::ledger_stats;
using domain::replay_difference;
using domain::replay_module;
using domain::replay_skip;
using domain::replayed;
using domain::shredding;
using domain::warmed;

struct component {
  std::string name;
  std::string status;
  std::string reason;
  std::string facts; ///< JSON object
};

struct health {
  std::string status;
  std::string service;
  std::string version;
  std::vector<component> components;
  std::int64_t time_nanos = 0;
};

struct node {
  std::string name;
  std::string version;
  std::int64_t started_nanos = 0;
  std::int64_t uptime_nanos = 0;
  std::string constitutional_hash;
  std::string constitution_digest;
  std::uint64_t revision = 0;
  std::uint64_t policies = 0;
  domain::mode strict;
  domain::mode lockdown;
};

/// What is asked; see `domain::decide_request`.
struct question {
  std::string request_id;
  domain::question asks = domain::question::document;
  std::string path;
  std::string input; ///< JSON text
  std::string pinned_hash;
  std::optional<std::string> idempotency_key; ///< an empty one is refused
  domain::durability durability = domain::durability::local;
  bool strict_builtin_errors = false;
};

struct decided {
  wire::decision decision;
  std::uint64_t index = 0;
  std::int64_t durable_nanos = 0;
};

/// Inputs that are decided together; see `question`.
struct batch {
  std::string request_id;
  std::string path;
  std::vector<std::string> inputs; ///< JSON texts
  std::string pinned_hash;
  domain::durability durability = domain::durability::local;
  bool strict_builtin_errors = false;
};

struct policy_info {
  std::string id;
  std::uint64_t bytes = 0;
  std::uint64_t revision = 0;
  std::int64_t time_nanos = 0;
  std::string origin;
};

struct policy_text {
  policy_info info;
  std::string text;
};

/// Policies that are tried beside the active ones; no name: there are none.
struct candidate {
  std::string name;
  double share = 0;
  std::vector<policy_info> modules;
  std::uint64_t revision = 0;
  std::int64_t time_nanos = 0;
  std::string by;
};

struct new_candidate {
  std::string name;
  double share = 1;
  std::map<std::string, std::string> modules; ///< id -> Rego
};

struct history_filter {
  std::string name;
  std::uint64_t before = 0;
  std::uint32_t limit = 0;
};

struct change {
  std::uint64_t revision = 0;
  std::string kind;
  std::string name;
  std::string reason;
  std::string request_id;
  std::int64_t time_nanos = 0;
  domain::identity by;
  std::uint64_t bytes = 0;
};

/// An archive of a bundle.
struct bundle {
  std::string name;
  std::string digest;
  std::string bundle_revision;
  std::vector<std::string> roots;
  bool is_delta = false;
  std::uint64_t bytes = 0;
  std::string signed_by;
  std::uint64_t revision = 0;
  std::int64_t time_nanos = 0;
  bool active = false;
  std::int64_t active_nanos = 0;
};

struct data_document {
  std::string json;
  std::uint64_t revision = 0;
};

/// How a change is to be made, and why.
struct change_options {
  std::string reason;
  std::string request_id;
  std::uint64_t expected_revision = 0;
};

struct applied {
  std::uint64_t revision = 0;
  std::uint64_t index = 0;
};

struct bundle_put {
  std::string digest;
  applied done;
};

struct ledger_query {
  std::string event_type;
  std::string agent;
  std::string request_id;
  std::string decision_id;
  std::string path;
  std::int64_t from_nanos = 0;
  std::int64_t to_nanos = 0;
  std::uint64_t offset = 0;
  std::uint32_t limit = 0;
  /// Only what comes after this index in the order asked for.
  std::optional<std::uint64_t> before{};
  bool oldest_first = false;
};

struct located_entry {
  std::uint64_t index = 0;
  bytes leaf_hash;
  wire::entry entry;
};

struct entry_page {
  std::vector<located_entry> entries;
  std::uint64_t total = 0;
  std::optional<std::uint64_t> next; ///< for `before`, where there is more
  std::uint64_t archived = 0;        ///< entries before this were not searched
  bool beyond_total = false;         ///< there are more matches than `total`
};

/// Names an entry: by decision id where that is not empty, else by index.
struct entry_key {
  std::uint64_t index = 0;
  std::string decision_id;
};

struct payload {
  domain::payload_kind kind = domain::payload_kind::input;
  bool shredded = false;
  bool matches = false;
  bool lost = false;
  std::string text;
};

struct entry_detail {
  located_entry entry;
  std::vector<payload> payloads;
  std::optional<shredding> shredded;
  std::vector<located_entry> outcomes;
};

struct outcome {
  std::string decision_id;
  std::string status;
  std::string detail;
  std::string request_id;
  std::optional<std::string> idempotency_key; ///< an empty one is refused
};

struct noted {
  std::uint64_t index = 0;
  bool repeated = false;
};

/// What an archive holds, and what is to go for it.
struct archived_part {
  std::uint64_t first = 0; ///< of the archive
  std::uint64_t size = 0;  ///< entries before this go
  digest root{};
  digest payloads{};
};

struct replay_request {
  std::int64_t from_nanos = 0;
  std::int64_t to_nanos = 0;
  std::string path;
  std::string agent;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint32_t entries_max = 0;
  std::uint64_t decisions_max = 0;
  std::uint32_t examples_max = 0;
  std::vector<replay_module> candidate;
};

struct range {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> last; ///< inclusive
};

struct verification {
  bool verified = false;
  std::uint64_t checked = 0;
  std::uint64_t archived = 0; ///< so many more by their kept hashes alone
  std::uint64_t tree_size = 0;
  bytes root;
  std::string problem;
  std::optional<std::uint64_t> first_wrong;
  /// Of the archived ones, where a file of a folder that is given is missing.
  std::optional<std::uint64_t> first_unread;
};

struct key {
  std::string purpose;
  std::string name;
  bytes public_key;
  std::string verifier_key;
  std::int64_t created_nanos = 0;
  bool active = false;
  bool revoked = false;
  std::uint64_t last_size = 0;  ///< where not active: the log's size then
  std::int64_t ended_nanos = 0; ///< where not active
  std::string reason;           ///< shown to those who may change keys
};

struct key_change {
  std::string key;       ///< "name+id" of the one that signs no more
  std::string successor; ///< empty where none follows
  std::uint64_t revision = 0;
  std::uint64_t index = 0; ///< of the ledger's last entry about it
};

struct user {
  std::string name;
  std::string role;
  std::string tenant;
  bool revoked = false;
  std::int64_t created_nanos = 0;
};

struct new_user {
  std::string name;
  std::string password;
  std::string role;
  std::string tenant;
  std::string request_id;
};

struct token {
  std::string id;
  std::string subject;
  std::string role;
  std::string tenant;
  std::string kind;
  std::int64_t issued_nanos = 0;
  std::int64_t expires_nanos = 0;
  bool revoked = false;
};

struct token_request {
  std::string subject;
  std::string role;
  std::string tenant;
  std::int64_t lifetime_nanos = 0;
  std::string kind;
  std::string request_id;
};

struct issued_token {
  std::string token;
  std::string id;
  std::int64_t expires_nanos = 0;
};

struct actor {
  std::string name;
  std::string parent;
  std::string state;
  std::uint64_t mailbox = 0;
  std::uint64_t restarts = 0;
  std::int64_t uptime_nanos = 0;
  std::uint64_t mailbox_max = 0;
  std::uint64_t refused = 0;
  std::string last_error;
  std::uint64_t queue = 0;
  std::uint64_t queue_max = 0;
};

/// Of the last minute or two, in nanoseconds.
struct latencies {
  std::int64_t p50 = 0;
  std::int64_t p95 = 0;
  std::int64_t p99 = 0;
  std::int64_t mean = 0;
};

/// What the node decides, over both gateways.
struct load {
  std::uint64_t decisions = 0; ///< since its start
  std::uint64_t refusals = 0;  ///< of these
  std::uint64_t refusals_last_minute = 0;
  std::int64_t uptime_nanos = 0;
  latencies latency; ///< from the decoded request to the verdict
  latencies durable; ///< the wait for the disk
};

struct breaker {
  std::string name;
  std::string state;
  std::uint64_t calls = 0;
  std::uint64_t failures = 0;
  std::uint64_t slow = 0;
  std::uint64_t rejected = 0;
  std::uint64_t opened = 0;
  std::int64_t change_nanos = 0;
};

/// From where on a backup is wanted; all zero: everything.
struct backup_base {
  std::uint64_t size = 0;
  bytes root; ///< what those entries must lead to; empty: not checked
  std::uint64_t revision = 0;
  bytes salt;     ///< with what opens payloads, sealed; empty: without
  bytes seal_key; ///< 32 bytes, derived from the salt and a passphrase
};

struct backup_part {
  bytes content;
  bool last = false;
  std::uint64_t entries = 0; ///< so far
  std::uint64_t total = 0;
};

} // namespace acgs::client
