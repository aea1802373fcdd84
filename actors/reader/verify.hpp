// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Verifying the log from what is stored: every entry hashes to its leaf, the
// leaves to the tiles, the tiles to the head's root, the signed checkpoint is
// of this tree, as are those at which a key followed another, and payloads that
// can still be opened are what was committed to. Of entries that were archived,
// and that no archive is given for, the kept hashes stand in, and so they do
// where a file of the archive is missing: the first such entry is named, as is
// the first that is wrong.

#include "actors/reader/protocol.hpp"
#include "runtime/crypto/key_history.hpp"
#include "runtime/store/log_view.hpp"

#include <merkle/tree.hpp>

#include <memory>

namespace acgs::reader {

using history_ptr = std::shared_ptr<const crypto::key_history>;

/// One verification, in steps of some hundred entries, each in a read
/// transaction of its own, so that others can be answered in between. Refers
/// to the environment for as long as it lives.
class verification {
public:
  /// Of the range that is asked for; of the whole log where it is all of it.
  /// Fails with `invalid_argument` on a range beyond the log.
  static result<verification> begin(const verify& what, store::environment& in,
                                    const store::log_tables& tables,
                                    history_ptr keys);

  /// Does one step; true where it was the last. Fails only where the store
  /// cannot be read: a log that does not hold is an answer, not an error.
  result<bool> step();

  /// The answer, after the last step.
  verify_result finish();

private:
  verification(store::environment& in, const store::log_tables& tables,
               history_ptr keys)
      : in_{&in}, tables_{tables}, keys_{std::move(keys)} {
    // `begin` looks at the head.
  }

  bool check_entry(store::log_view& log, std::uint64_t at, byte_view encoded);
  bool is_unread(store::log_view& log, std::uint64_t at);
  bool check_archived(store::log_view& log, std::uint64_t first,
                      std::uint64_t last);
  bool check_tiles(store::log_view& log);
  void check_range(store::log_view& log, std::uint64_t first,
                   std::uint64_t last);
  void check_checkpoint(store::log_view& log);
  void check_changes(store::log_view& log);
  bool had_root(store::log_view& log, std::uint64_t size,
                const merkle::hash& root) const;
  bool wrong(std::uint64_t at, std::string why);

  store::environment* in_;
  store::log_tables tables_;
  history_ptr keys_;
  merkle::hasher with_;
  merkle::tree tree_; // grown from the entries, where all are checked
  bool whole_ = false;
  std::uint64_t next_ = 0;
  std::uint64_t end_ = 0;
  verify_result out_;
};

/// All steps at once.
result<verify_result> verify_log(const verify& what, store::environment& in,
                                 const store::log_tables& tables,
                                 history_ptr keys);

/// Opens what an entry commits to.
result<std::vector<opened_payload>> open_payloads(store::log_view& log,
                                                  std::uint64_t index,
                                                  const domain::entry& entry);

} // namespace acgs::reader
