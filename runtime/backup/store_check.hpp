// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether the stores of a node that does not run hold: every entry of every log
// leads to its tiles and its root, payloads are what entries commit to, texts
// are what their digests say, the history has no gap and consists of the
// commands that the logs tell of. Reads every record that counts; what can be
// made again is left out.

#include "runtime/base/bytes.hpp"
#include "runtime/crypto/key_history.hpp"
#include "runtime/store/store.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace acgs::backup {

struct checked_log {
  std::string origin;
  std::uint64_t size = 0;
  digest root{};
  std::uint64_t archived = 0;      ///< of these, by the hashes that are kept
  std::uint64_t shredded = 0;      ///< payloads, as entries of the log tell
  std::uint64_t keys_not_here = 0; ///< payloads, as after a restore
  std::optional<std::uint64_t> was_signed; ///< entries, as its mark remembers
};

struct checked_stores {
  std::vector<checked_log> logs;
  std::uint64_t texts = 0;
  std::uint64_t revision = 0;
};

/// Checks both. `keys`: those that the signed checkpoints are held to; none:
/// only what they say is checked. `progress` hears of entries done and of how
/// many there are. Fails with `store_corrupt`, naming the first thing that does
/// not hold.
result<checked_stores>
check_stores(store::environment& ledger, store::environment& state,
             const crypto::key_history& keys,
             const std::function<void(std::uint64_t, std::uint64_t)>& progress);

/// Holds logs that were checked to what the marks beside the keys remember of
/// them (runtime/store/log_mark.hpp), where there are any, and notes how much
/// that is. Fails with `store_corrupt` where one holds less or something else,
/// or a mark is none.
caf::error check_marks(store::environment& ledger,
                       const std::filesystem::path& keys,
                       std::vector<checked_log>& logs);

} // namespace acgs::backup
