// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One running node: opens the stores, starts the tree of actors in the order
// of their dependence, waits for signals, and stops everything in the reverse
// order. It alone decides what gets a thread of its own. Owned by main; its
// thread is the one that takes signals.
//
//   node (rest_for_one)
//     signer, ledger, outbox, indexer,
//     readers (one_for_one): reader-1 ... reader-N
//     reader, control,
//     evaluators (one_for_one): evaluator-1 ... evaluator-N
//     policy, identity,
//     probes (one_for_one): breaker.<component> ..., health,
//     breaker.egress.<host> ...,
//     evaluator-candidate, candidate
//   gateways (one_for_one): rpc_gateway, http_gateway

#include "runtime/base/error.hpp"
#include "runtime/config/settings.hpp"
#include "runtime/crypto/key_lock.hpp"

#include <memory>

namespace acgs::process {
class deadline;
class run_files;
} // namespace acgs::process

namespace acgs::node {

class node {
public:
  /// Starts a node; when it returns, the node takes work. `lock` opens its key
  /// files. Fails with what was wrong, having undone what it began.
  static result<std::unique_ptr<node>>
  start(const config::settings& settings,
        std::shared_ptr<const crypto::key_lock> lock,
        process::run_files& files);

  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// Serves until a signal or an escalation; then drains and stops. Returns
  /// the exit code: 0, or 4 where a supervisor gave up. Where some actor does
  /// not end, the process does, with the code 4, shortly before the scripts'
  /// grace (`process.graceful_shutdown_timeout`) is over: all that was
  /// acknowledged is on disk at any time.
  int run();

private:
  struct parts;
  node(std::unique_ptr<parts> from, process::run_files& files);

  process::run_files* files_;
  std::unique_ptr<process::deadline> limit_; ///< outlives the parts
  std::unique_ptr<parts> parts_;
};

} // namespace acgs::node
