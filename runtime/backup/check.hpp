// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether backups hold: every block is what its digest says, the entries lead
// to the root that the manifest and the signed checkpoint name, texts are what
// their digests say, and the history has no gap. What holds is handed on,
// record by record, which is how a backup is restored: nothing is taken from
// one that was not checked.

#include "runtime/backup/file.hpp"
#include "runtime/backup/secrets.hpp"

#include "runtime/store/keys.hpp"

#include <merkle/tree.hpp>

#include <map>
#include <memory>
#include <optional>

namespace acgs::backup {

/// Takes what a backup holds.
class sink {
public:
  virtual ~sink();

  /// A record that holds; for a checkpoint, the note as the value.
  virtual caf::error take(block_kind kind, byte_view key, byte_view value) = 0;

  /// The block's records are all there.
  virtual caf::error end_block() = 0;
};

/// Checks one backup, or one and the increments after it, in their order.
class checker {
public:
  /// Signatures are held to these keys and those that they lead to, by `list`,
  /// else by `ring`, else by the ring in the file; where there are no keys,
  /// only the contents are checked.
  explicit checker(std::vector<merkle::verifier_key> keys)
      : keys_{std::move(keys)} {
    // Nothing is known yet.
  }

  /// The log's statements about its keys, known from elsewhere
  /// (key_document.hpp); empty: not known.
  std::string list;

  /// `newest_ring` of all that are checked; empty: not known.
  std::string ring;

  /// Opens the sealed keys of payloads, which are left out without it.
  std::shared_ptr<unsealer> opens;

  /// Called with the entries done and the entries that the file ends at.
  std::function<void(std::uint64_t, std::uint64_t)> progress;

  /// Checks the next file; `to` may be null. Fails with `conflict` where it
  /// does not follow the one before, with `store_corrupt`, naming the first
  /// thing that does not hold, and as `to` does.
  caf::error check(file_reader& file, sink* to);

  /// What all of them together hold.
  const extent& holds() const { return holds_; }

  /// By whom the last one was signed; nothing without keys.
  const std::optional<merkle::verifier_key>& signer() const { return signer_; }

private:
  caf::error begin(file_reader& file);
  caf::error learn_keys(file_reader& file);
  caf::error end();
  caf::error check_block(block_kind kind, std::uint64_t count,
                         byte_view content, sink* to);
  caf::error check_record(block_kind kind, byte_view key, byte_view value);
  caf::error check_checkpoint(byte_view note);
  caf::error check_edge(byte_view key, byte_view value);
  caf::error check_leaves(byte_view key, byte_view value);
  caf::error check_entry(byte_view key, byte_view value);
  caf::error check_command(byte_view key, byte_view value);
  caf::error enter_tree();
  caf::error check_change();

  std::vector<merkle::verifier_key> keys_;
  crypto::key_history believed_;                  ///< what they lead to
  std::map<std::uint64_t, merkle::hash> changes_; ///< of keys: root by size
  extent now_;   ///< of the file that is being checked
  extent holds_; ///< of those before it
  bool any_ = false;
  std::optional<merkle::verifier_key> signer_;
  merkle::tree tree_;
  std::map<store::number_key, bytes> edge_;
  bool in_tree_ = false; ///< whether `tree_` is that of the entries so far
  bool has_checkpoint_ = false;
  std::uint64_t revision_ = 0;
  block_kind last_kind_ = block_kind::checkpoint;
  bytes last_key_;
};

/// SIGNER's ring in the last of these backups: what became of the log's keys
/// since the others were taken. Empty where it has none or cannot be read.
std::string newest_ring(const std::vector<std::filesystem::path>& files);

} // namespace acgs::backup
