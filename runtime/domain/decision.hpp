// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A question to the policies and its answer. Both are views: the bytes they
// point into are held by the `wire::message` that they came from, or, while
// one is being put together, by the caller.

#include "runtime/base/bytes.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/domain/identity.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace acgs::domain {

/// What a decision comes to.
enum class verdict : std::uint8_t {
  none,      ///< the entry is not about a decision
  allow,     ///< the result is true, or an object whose `allow` is true
  deny,      ///< the result is false, or an object whose `allow` is not true
  undefined, ///< the policies say nothing; callers must take it as a refusal
  value,     ///< any other value (a query's answer)
  error,     ///< the evaluation ended in an error
};

inline constexpr std::array<std::string_view, 6> verdict_names{
    "none", "allow", "deny", "undefined", "value", "error"};
static_assert(verdict_names.size()
              == static_cast<std::size_t>(verdict::error) + 1);

constexpr std::string_view to_string_view(verdict value) {
  return verdict_names[static_cast<std::size_t>(value)];
}

/// What is asked for.
enum class question : std::uint8_t {
  document, ///< the document at `path`
  query,    ///< the query text in `path`
  compile,  ///< what is left of the query in `path`: partial evaluation
};

inline constexpr std::size_t question_count = 3;

/// What of an evaluation's steps is shown beside its answer.
enum class explanation : std::uint8_t { off, notes, fails, full, debug };

inline constexpr std::array<std::string_view, 5> explanation_names{
    "off", "notes", "fails", "full", "debug"};

/// How durable a decision must be before it leaves.
enum class durability : std::uint8_t {
  local,  ///< on this node's disk
  quorum, ///< on mirrors as well (in a cluster)
};

/// One request for a decision, as a gateway hands it in.
struct decide_request {
  std::string_view request_id;
  question asks = question::document;
  std::string_view path;            ///< "acgs/main/decision", or a query's text
  std::string_view input;           ///< JSON text; empty: no input
  std::string_view pinned_hash;     ///< names, separated by single spaces, that
                                    ///< the active constitution must all have
  std::string_view idempotency_key; ///< empty: none
  durability wanted = durability::local;
  bool strict_builtin_errors = false;
  /// Of a `compile` question: JSON {"disableInlining": [...], "unknowns":
  /// [...]}, references to what is not known and to rules that stay apart.
  std::string_view partial;
  explanation explain = explanation::off;
  bool explain_lines = false;      ///< as lines for people, not as events
  std::int64_t received_nanos = 0; ///< steady clock, when it was decoded
  identity_view caller;
};

/// A decision, ready but for its place in the ledger.
struct decision {
  std::string_view decision_id;
  std::string_view request_id;
  std::string_view path;
  verdict outcome = verdict::none;
  std::string_view result;     ///< JSON text; empty where undefined
  std::string_view error_code; ///< name of an `ec` where outcome is error
  std::string_view error_message;
  std::string_view errors; ///< the engine's, as JSON (`told_errors`), or empty
  std::string_view constitutional_hash; ///< 16 hexadecimal digits
  byte_view policy_digest;
  byte_view data_digest;
  std::uint64_t revision = 0; ///< of control state
  bool cache_hit = false;
  bool nondeterministic = false; ///< used clock, randomness or network
  std::int64_t evaluation_nanos = 0;
  std::int64_t latency_nanos = 0; ///< from decoded request to verdict
  std::string_view explanation;   ///< JSON array, where one was asked for
  /// Of an evaluation; 0 where the answer came out of the cache.
  std::int64_t input_parse_nanos = 0;
  std::int64_t prepare_nanos = 0; ///< of the query: parsed and compiled
  std::uint64_t instructions = 0;
};

} // namespace acgs::domain
