// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// LEDGER's core: turns a batch of requests into one transaction of the store
// and says what may be answered once it is durable. No messaging, no clock of
// its own; the store is an interface. Belongs to LEDGER's thread.
//
// Invariants: an index is handed out only after its commit succeeded; the tree
// in memory is the tree in the store; a checkpoint is made only of a committed
// head; what `open` cannot prove to be whole is refused, never repaired.

#include "actors/ledger/key_ring.hpp"
#include "actors/ledger/lost_keys.hpp"
#include "actors/ledger/protocol.hpp"
#include "runtime/crypto/log_keys.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/store/log_view.hpp"
#include "runtime/store/wal_environment.hpp"

#include <merkle/tree.hpp>

#include <map>

namespace acgs::ledger {

/// One request for an entry.
struct pending {
  append record;
  wire::decision decision; ///< empty where nothing is to be released
};

/// What has queued up, to be written in one transaction.
struct batch {
  std::vector<pending> entries;
  std::vector<put_blob> blobs;
};

/// Where an entry went, and the decision to release: on a retry, the first.
struct placed {
  std::uint64_t index = 0;
  bool repeated = false;
  wire::decision decision;
};

/// One outcome for each entry and each blob of the batch.
struct written {
  std::vector<result<placed>> entries;
  std::vector<caf::error> blobs;
};

struct state_options {
  std::string origin;
  crypto::log_keys keys;
  std::uint64_t reserve_bytes = 0;

  /// Where commits are made durable before the store has them; without one,
  /// each is a commit of the store. Outlives the state.
  store::wal_file* wal = nullptr;
};

/// What may be written, the reserve with it: no more than the reserve once half
/// of that is all that was never used. Pages that others left are scattered;
/// what must find room in an emergency may have to be in one piece.
std::uint64_t room_of(const store::room& in, std::uint64_t reserve);

class state {
public:
  /// Takes up the log where the store left it. Fails with `store_corrupt`,
  /// naming what is wrong, where its tail, its tree, its head and its signed
  /// checkpoint do not agree.
  static result<state> open(store::environment& in, state_options options);

  /// Writes a batch and commits it. What cannot be taken is refused one by one
  /// (`too_large`, `invalid_argument`, `conflict`, `store_full`). Fails as a
  /// whole only with what must end the process.
  result<written> write(const batch& what);

  /// Puts into the store what so far is durable in the write-ahead log alone,
  /// so that others see it. After `store_full` all is as before; any other
  /// failure must end the process.
  caf::error publish();

  /// About as much would be written by that, in bytes.
  std::uint64_t unpublished_bytes() const {
    return through_ ? through_->unpublished_bytes() : 0;
  }

  /// Whether others see all that is committed.
  bool published() const { return !through_ || through_->published(); }

  /// Destroys the keys of an entry's payloads and writes the entry that tells
  /// of it. When it returns, they are gone. Fails as `key_ring::shred` and
  /// `write` do; with what must end the process where a secret cannot be
  /// overwritten.
  result<shredded> shred(const ledger::shred& what);

  /// Gives up the entries that were archived: writes the entry that tells of it
  /// and notes that they are no longer here. Fails as `check_archive` and
  /// `write` do.
  result<archived> archive(const ledger::archive& what);

  /// Erases rows of archived entries, of at most `entries_max` entries, also of
  /// a log from before a new epoch; true where there may be more to erase.
  /// After `store_full` or `unavailable` all is as before; any other failure
  /// must end the process.
  result<bool> sweep(std::uint64_t entries_max);

  /// What of the payloads the start found that cannot be opened any more.
  const std::vector<lost_keys>& lost_so_far() const { return lost_; }

  /// What is not here any more.
  const store::archived_part& archived_so_far() const { return archived_; }

  /// The committed log.
  const store::log_head& head() const noexcept { return head_; }

  /// The text of the checkpoint to be signed, or nothing where the committed
  /// head is signed already.
  std::optional<std::string> unsigned_checkpoint() const;

  /// The text of a checkpoint of the committed head, signed already or not.
  std::string head_text() const;

  /// Takes the signature of that text, to be stored with the next commit.
  /// False where it does not verify under a key that may sign it.
  bool sign(const std::string& text, const merkle::ed25519_signature& by);

  /// Stores a signature that has not been stored yet, and publishes: for the
  /// stop.
  caf::error store_checkpoint();

  /// Size of the log that the last signed checkpoint covers.
  std::uint64_t signed_size() const noexcept { return signed_size_; }

  /// What the checkpoint covers that was signed last since the start.
  const store::log_head& signed_head() const noexcept { return signed_head_; }

  const std::string& origin() const noexcept { return tables_.origin; }

private:
  /// What one transaction needs to know while it is being put together.
  struct writing;

  /// A log whose rows before `size` are to be erased.
  struct given_up {
    store::log_tables tables;
    std::uint64_t size = 0;
  };

  explicit state(state_options options) : options_{std::move(options)} {
    // `open` recovers.
  }

  caf::error recover();
  caf::error destroy_left_over();
  result<shredded> write_shred(writing& now, const ledger::shred& what,
                               std::vector<std::uint64_t>& secrets);
  result<archived> write_archive(writing& now, const ledger::archive& what,
                                 store::archived_part& out);
  result<std::uint64_t> last_revision(writing& now, std::uint64_t before);
  caf::error find_given_up();
  result<store::archived_part> read_archived(const std::string& origin);
  result<bool> erase_some(const given_up& of, std::uint64_t entries_max);
  caf::error give_up(caf::error why);
  caf::error reload();
  result<writing> begin(std::uint64_t wanted);
  result<store::room> measure(std::uint64_t wanted);
  caf::error admit(const writing& now, const pending& one) const;
  result<placed> take(writing& now, const pending& one);
  caf::error append(writing& now, const pending& one, std::uint64_t index);
  result<std::optional<placed>> find_repeated(writing& now, const pending& one);
  /// What an entry came to that a key led to; nothing where it was archived.
  /// Fails with `conflict` where it is about something else than `entry`.
  result<std::optional<domain::verdict>>
  verdict_before(writing& now, std::uint64_t index, const domain::entry& entry);
  /// What is kept beside a key's index, opened; nothing where the key of the
  /// entry's first payload was destroyed, or where there is none although the
  /// request comes with payloads.
  result<std::optional<bytes>> open_kept(writing& now, std::uint64_t index,
                                         byte_view kept, bool with_payloads);
  caf::error remember(writing& now, const pending& one, std::uint64_t index);
  caf::error put(writing& now, const put_blob& blob);
  caf::error attempt(const batch& what, written& out);
  caf::error write_parts(writing& now, const batch& what, written& out);
  caf::error finish(writing& now);

  std::unique_ptr<store::wal_environment> through_;
  store::environment* in_ = nullptr; ///< `through_`, where there is one
  state_options options_;
  store::log_tables tables_;
  key_ring keys_;
  /// Logs of which a list of secrets that had to go is still stored.
  std::vector<std::string> shredding_noted_;
  merkle::tree tree_;
  store::log_head head_;
  store::archived_part archived_;
  std::vector<lost_keys> lost_;
  std::vector<given_up> erasing_; ///< also of epochs before this one
  std::string checkpoint_;        // signed, not stored yet
  std::uint64_t signed_size_ = 0;
  bool signed_any_ = false;
  store::log_head signed_head_;
};

} // namespace acgs::ledger
