// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Stores made from backups: entries, payloads, texts and the history as they
// are there, the tree from the entries. What a node derives it derives itself:
// control state from the history, the index from the log. Up to a moment, the
// log ends there, and the history with the last change that it tells of.

#include "runtime/backup/check.hpp"
#include "runtime/store/log_view.hpp"

#include <memory>
#include <optional>

namespace acgs::backup {

/// Where to stop; nothing: at the end.
struct moment {
  std::optional<std::uint64_t> size;      ///< so many entries
  std::optional<std::int64_t> time_nanos; ///< the last entry not after it
};

/// Writes what it takes into two empty environments, which outlive it.
class restorer final : public sink {
public:
  /// Fails as `store::ensure_schema` and `log_tables::open` do.
  static result<restorer> open(store::environment& ledger,
                               store::environment& state, std::string origin,
                               moment until);

  caf::error take(block_kind kind, byte_view key, byte_view value) override;
  caf::error end_block() override;

  /// After the last file, which ended there. Fails with `invalid_argument`
  /// where the moment asked for is beyond it.
  caf::error finish(const extent& of);

  /// What is restored.
  const store::log_head& head() const { return head_; }
  std::uint64_t revision() const { return revision_; }
  /// SIGNER's ring, of the last file; empty where that holds none.
  const std::string& ring() const { return ring_; }

  /// Entries of which `root_at` is asked later.
  void watch(std::uint64_t size) { watched_ = size; }
  /// The root over the watched entries; nothing where there were fewer.
  const std::optional<digest>& root_at() const { return watched_root_; }

private:
  restorer(store::environment& ledger, store::environment& state,
           store::log_tables tables, moment until)
      : ledger_{&ledger}, state_{&state}, tables_{std::move(tables)},
        until_{until} {
    // `open` opens the rest.
  }

  void take_leaves(byte_view tile);
  caf::error take_entry(byte_view key, byte_view value);
  caf::error take_key(store::write_transaction& to, byte_view key,
                      byte_view value);
  caf::error take_command(store::write_transaction& to, byte_view key,
                          byte_view value);
  caf::error put_tiles();
  caf::error write_log(const store::archived_part& archived);
  result<std::uint64_t> last_change();
  caf::error write_history();
  result<store::write_transaction*> writing(store::environment& in);

  store::environment* ledger_;
  store::environment* state_;
  store::log_tables tables_;
  store::table commands_;
  store::table applied_;
  moment until_;
  std::unique_ptr<store::write_transaction> writing_;
  merkle::tree tree_;
  store::log_head head_;
  std::string checkpoint_;
  std::string ring_;
  store::drawn_secrets drawn_; ///< for keys of payloads
  std::size_t used_ = 0;       ///< of them
  bool ended_ = false;         ///< the moment is reached
  std::uint64_t recorded_ = 0; ///< the last change that the entries tell of
  std::uint64_t revision_ = 0;
  /// Archives that changes put, which the log's blobs must hold.
  std::map<std::uint64_t, bytes> archives_;
  std::optional<std::uint64_t> watched_;
  std::optional<digest> watched_root_;
};

struct restore_options {
  std::vector<std::filesystem::path> files; ///< a backup, then its increments
  std::filesystem::path to; ///< the folder of the stores, "./data/store"
  std::vector<merkle::verifier_key> keys; ///< as in `checker`
  std::string list;                       ///< as in `checker`
  moment until;
  std::string passphrase; ///< of sealed keys; empty: they are left out
  bool replace = false;   ///< set aside what is there, where nothing is lost
  std::string aside;      ///< what to add to its name, ".replaced-20260215"
  std::function<void(std::uint64_t, std::uint64_t)> progress;
};

struct restored {
  std::string origin;
  std::uint64_t size = 0;
  std::uint64_t size_signed = 0; ///< of the checkpoint that it was taken at
  std::uint64_t revision = 0;
  bool keys_opened = false;    ///< what opens payloads came along
  std::string ring;            ///< SIGNER's, as `put_back_ring` takes it
  std::filesystem::path aside; ///< what was there; empty: nothing
};

/// Makes the folder of the stores, whole or not at all. Fails as `checker`
/// does, with `invalid_argument` (no full backup to begin with), and with
/// `conflict` where something is there and is not to be replaced, and where the
/// log there is longer than what is restored or no part of it, or entries of
/// another origin are there: that is never replaced. So is what cannot be read,
/// as the error of the store says; `unavailable` where a node has the folder.
result<restored> restore(const restore_options& how);

} // namespace acgs::backup
