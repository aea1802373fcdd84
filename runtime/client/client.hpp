// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The client library of a node: one blocking connection over Cap'n Proto RPC.
//
//   client::options options;
//   options.address = "unix:./data/acgsd.sock"; // or "127.0.0.1:8182"
//   auto node = client::connection::open(options);
//   if (!node)
//     return report(node.error());
//   client::question question;
//   question.path = "acgs/main/decision";
//   question.input = R"({"action":"read_file"})";
//   auto answer = node->decide(question);
//   if (answer && answer->decision->outcome == domain::verdict::allow)
//     ... // the record of it is durable already, at answer->index
//
// Over TCP the node asks for a client certificate: give `certificate`, `key`
// and `authority`. A token decides who one is wherever it is given; else the
// user id (Unix socket) or the certificate does.
//
// Every call returns a value or an error: the node's own, or `unavailable`
// (no connection, or lost), `timed_out`. After a lost connection each further
// call fails; open another. Calls are grouped as the node's capabilities are,
// and a group that the role does not grant fails with `forbidden`.
//
// A connection belongs to the thread that opened it, and a thread has one at
// a time.

#include "runtime/base/error.hpp"
#include "runtime/client/values.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::client {

struct options {
  std::string address = "unix:./data/acgsd.sock"; ///< unix:PATH, HOST:PORT
  std::string certificate;                        ///< PEM file, for TCP
  std::string key;                                ///< PEM file, for TCP
  std::string authority;   ///< PEM file of the node's CA, for TCP
  std::string server_name; ///< in the node's certificate; empty: the host
  std::string token;
  std::chrono::milliseconds timeout{30'000}; ///< for each call
};

class link; // the connection itself (link.hpp)

/// Reading policies and data, and changing them.
class policy_calls {
public:
  explicit policy_calls(link& over) : link_{over} {}
  result<std::vector<policy_info>> list();
  result<policy_text> get(std::string_view id);
  /// Newest first.
  result<std::vector<change>> history(const history_filter& filter);
  result<applied> put(std::string_view id, std::string_view rego,
                      const change_options& how = {});
  result<applied> remove(std::string_view id, const change_options& how = {});
  /// As it was at a revision of control state.
  result<policy_text> get_at(std::string_view id, std::uint64_t revision);
  /// The base document at "a/b"; the whole one for an empty path.
  result<data_document> get_data(std::string_view path);
  result<applied> put_data(std::string_view path, std::string_view json,
                           const change_options& how = {});
  /// Takes a JSON Patch (RFC 6902).
  result<applied> patch_data(std::string_view path, std::string_view patch,
                             const change_options& how = {});
  result<applied> remove_data(std::string_view path,
                              const change_options& how = {});
  /// What is tried beside the active policies.
  result<candidate> get_candidate();
  result<applied> put_candidate(const new_candidate& what,
                                const change_options& how = {});
  result<applied> drop_candidate(std::string_view name,
                                 const change_options& how = {});

private:
  link& link_;
};

/// Bundles: archives in OPA's format.
class bundle_calls {
public:
  explicit bundle_calls(link& over) : link_{over} {}
  /// All archives that the node keeps.
  result<std::vector<bundle>> list();
  /// Sends an archive, in parts. Nothing is activated.
  result<bundle_put> put(std::string_view name, std::string_view archive,
                         const change_options& how = {});
  /// A snapshot and deltas after it, or deltas alone; none: deactivates.
  result<applied> activate(std::string_view name,
                           const std::vector<std::string>& digests,
                           const change_options& how = {});
  /// The digests that were active at a revision of control state.
  result<std::vector<std::string>> active_at(std::string_view name,
                                             std::uint64_t revision);

private:
  link& link_;
};

/// The record.
class ledger_calls {
public:
  explicit ledger_calls(link& over) : link_{over} {}
  result<entry_page> query(const ledger_query& which);
  result<entry_detail> show(const entry_key& which, bool with_payloads);
  /// A C2SP tlog-proof, to be checked without the node.
  result<std::string> receipt(const entry_key& which);
  result<verification> verify(const range& which);
  result<ledger_stats> stats();
  /// Destroys what an entry only commits to; a reason is wanted.
  result<noted> shred(const entry_key& which, const change_options& how);
  /// What the entries of a full bundle commit to, encrypted, as archives hold
  /// it (runtime/store/payload_bundle.hpp).
  result<bytes> sealed(std::uint64_t bundle);
  /// Entries that an archive holds go from the store; a reason is wanted.
  result<noted> archive(const archived_part& which, const change_options& how);
  /// Reports what became of a decision.
  result<noted> record_outcome(const outcome& what);
  /// Makes a part of the recorded decisions again.
  result<replayed> replay(const replay_request& which);
  /// "checkpoint", "vkey", "keys", "tile/0/000"; empty origin: the current one.
  result<std::string> resource(std::string_view origin, std::string_view path);

private:
  link& link_;
};

/// Users and tokens.
class identity_calls {
public:
  explicit identity_calls(link& over) : link_{over} {}
  result<std::vector<user>> users();
  caf::error put_user(const new_user& who);
  result<applied> revoke_user(std::string_view name,
                              const change_options& how = {});
  result<std::vector<token>> tokens();
  result<issued_token> issue_token(const token_request& request);
  caf::error revoke_token(std::string_view id, const change_options& how = {});

private:
  link& link_;
};

/// A backup under way: one call after the other until the last part. Belongs
/// to the connection that it came from.
class backup_stream {
public:
  result<backup_part> next();

private:
  friend class admin_calls;
  struct source;
  explicit backup_stream(std::shared_ptr<source> from)
      : source_{std::move(from)} {}

  std::shared_ptr<source> source_;
};

/// Signing keys.
class key_calls {
public:
  explicit key_calls(link& over) : link_{over} {}
  /// `purpose`: "checkpoint", "token" or "bundle".
  result<key_change> rotate(std::string_view purpose,
                            const change_options& how = {});
  /// `key`: "name+id", or the id alone.
  result<key_change> revoke(std::string_view key, const change_options& how);
  /// The keys and the log's statements about them, as JSON.
  result<std::string> document();

private:
  link& link_;
};

/// The node itself.
class admin_calls {
public:
  explicit admin_calls(link& over) : link_{over} {}
  result<std::vector<actor>> actors();
  caf::error restart_actor(std::string_view name,
                           const change_options& how = {});
  result<cache_stats> cache();
  /// How many answers were dropped.
  result<std::uint64_t> clear_cache(const change_options& how = {});
  result<warmed> warm_cache(const change_options& how = {});
  result<applied> set_strict_mode(bool on, const change_options& how = {});
  result<applied> set_lockdown(bool on, const change_options& how = {});
  result<std::vector<breaker>> breakers();
  caf::error trip_breaker(std::string_view name,
                          const change_options& how = {});
  caf::error reset_breaker(std::string_view name,
                           const change_options& how = {});
  caf::error set_log_level(std::string_view level,
                           const change_options& how = {});
  /// The bytes of a backup file (runtime/backup/format.hpp).
  result<backup_stream> begin_backup(const backup_base& from,
                                     const change_options& how = {});

private:
  link& link_;
};

class connection {
public:
  /// Connects and authenticates. Fails with `unavailable` (nobody listens,
  /// not a node, TLS refused), `unauthenticated`, `invalid_argument` (options
  /// that contradict one another; the field is named).
  static result<connection> open(const options& how);

  connection(connection&&) noexcept;
  connection& operator=(connection&&) noexcept;
  ~connection();

  /// For each further call.
  void set_timeout(std::chrono::milliseconds each);

  /// Who the node takes the caller for.
  result<domain::identity> identity();
  result<client::health> health();
  result<client::node> node();
  result<client::load> load();
  result<std::vector<key>> keys();

  /// One decision, released by the node when its record was durable.
  result<decided> decide(const question& what);

  /// Several, recorded in one transaction: one outcome for each input, in
  /// their order. A decision is an error where it could not be recorded.
  result<std::vector<result<decided>>> decide(const batch& what);

  policy_calls policy() { return policy_calls{*link_}; }
  bundle_calls bundles() { return bundle_calls{*link_}; }
  ledger_calls ledger() { return ledger_calls{*link_}; }
  identity_calls identities() { return identity_calls{*link_}; }
  key_calls signing_keys() { return key_calls{*link_}; }
  admin_calls admin() { return admin_calls{*link_}; }

private:
  explicit connection(std::unique_ptr<link> over);

  std::unique_ptr<link> link_;
};

} // namespace acgs::client
