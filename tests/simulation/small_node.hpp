// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node's stores on a real disk with the cores that write them, without
// actors: LEDGER's, CONTROL's journal and INDEXER's, on one thread and in one
// order, so that a run is the same each time. What it acknowledged stands in a
// book that outlives it; `check_node` opens what it left as a start would.

#include "actors/control/journal.hpp"
#include "actors/indexer/state.hpp"
#include "runtime/store/stores.hpp"
#include "tests/support/ledger_samples.hpp"

#include <array>
#include <functional>
#include <optional>

namespace acgs::test {

/// What was acknowledged. Plain, so that it can lie in memory that a process
/// shares with its child.
struct promises {
  static constexpr std::size_t entries_max = 8192;

  std::uint64_t entries = 0;  ///< so many of the first are durable
  std::uint64_t revision = 0; ///< of control state
  /// Which request each entry answers.
  std::array<std::uint32_t, entries_max> requests{};
};

/// How long a run is.
struct run_length {
  std::size_t batches = 20; ///< of 1 to 4 decisions: 50 in all
  std::size_t changes = 5;
};

class small_node {
public:
  /// Opens the stores and takes them up. Fails as NODE's start does.
  static result<std::unique_ptr<small_node>>
  start(const std::filesystem::path& folder, const sample_signer& signer,
        promises& book);

  /// Writes so many decisions in one batch; what finds no room is tried again.
  /// An error is one that ends the process.
  caf::error decide(std::size_t count);

  /// Puts one more revision into control state, and its entry into the log.
  caf::error change();

  /// Brings the index up to the log. Where that fails INDEXER begins anew.
  void index();

  caf::error stop();

  /// Each of them is begun again on the same stores, as after a crash.
  caf::error restart();

  /// Called after each acknowledgement.
  std::function<void()> acknowledged;

private:
  small_node(const sample_signer& signer, promises& book)
      : signer_{signer}, book_{book} {
    // `start` opens the stores.
  }

  caf::error write(const ledger::batch& what,
                   std::span<const std::uint32_t> requests);
  void sign();

  const sample_signer& signer_;
  promises& book_;
  std::optional<store::stores> stores_;
  std::optional<ledger::state> ledger_;
  std::optional<control::journal> journal_;
  std::optional<indexer::state> indexer_;
  domain::control_state_ptr control_;
  std::uint32_t next_request_ = 1;
};

/// A whole life: start, decisions and changes, stop. An error ends it.
caf::error run_node(const std::filesystem::path& folder,
                    const sample_signer& signer, promises& book,
                    const run_length& how_long = {},
                    const std::function<void()>& acknowledged = {});

/// Opens what is left, and says what is wrong with it; nothing where every
/// acknowledged entry and change is there, the log verifies from end to end,
/// the index catches up, and the node takes work.
std::string check_node(const std::filesystem::path& folder,
                       const sample_signer& signer, const promises& book);

} // namespace acgs::test
