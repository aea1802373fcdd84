// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One origin's log as it lies in ledger/: its tables, and a view of it at one
// moment, in which LEDGER recovers, READER reads and INDEXER follows. A view
// is a read transaction: it ends quickly, and what it returns ends with it.

#include "runtime/store/archived.hpp"
#include "runtime/store/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace acgs::store {

/// The tables of one origin. Plain values: any thread may have a copy.
struct log_tables {
  std::string origin;
  table meta;
  table entries;
  table tiles;
  table payloads;
  table payload_keys;
  table blobs;
  table idempotency;

  /// Where entries that were archived are read; may be none.
  std::shared_ptr<const archived_log> archive;

  /// Opens them, making what is missing. Fails with `invalid_argument` on an
  /// origin that a checkpoint cannot carry (1 to 128 bytes, no spaces, no '+').
  static result<log_tables> open(environment& in, std::string origin);
};

/// The logs that an environment holds, by their origins. Fails as the store
/// does.
result<std::vector<std::string>> origins_in(environment& in);

/// How long the log is and what its tree's root is.
struct log_head {
  std::uint64_t size = 0;
  digest root{};

  friend bool operator==(const log_head&, const log_head&) = default;
};

/// The stored form of a head: size (8 bytes, big endian) || root.
std::array<std::byte, 40> encode_head(const log_head& head);

class log_view {
public:
  /// Begins a view of the present moment. Fails with `store_corrupt` where the
  /// stored head is none.
  static result<log_view> open(environment& in, const log_tables& tables);

  /// The same for one look at the log `origin`. Fails as `log_tables::open`
  /// does as well.
  static result<log_view> open(environment& in, std::string origin);

  const log_head& head() const noexcept { return head_; }
  const std::string& origin() const noexcept { return tables_.origin; }

  /// What is in an archive and no longer here.
  const archived_part& archived() const noexcept { return archived_; }

  /// The entry from which on all can be read: past the archived ones, but for
  /// those that an archive has which the tables know.
  std::uint64_t first() const {
    return tables_.archive && archived_.size > 0
               ? tables_.archive->begin(origin(), archived_.size)
               : archived_.size;
  }

  /// An entry's bytes. Fails with `not_found` beyond the end and where it was
  /// archived, and no archive that is known has it; `store_corrupt` where the
  /// store or an archive has another than the tree holds, and where one is
  /// missing otherwise.
  result<byte_view> entry(std::uint64_t index);

  /// The entries from `first` on, at most `count`, one after the other, until
  /// `visit` returns false. Fails as `entry` does, but does not hold those of
  /// the store to the tree.
  caf::error
  for_each_entry(std::uint64_t first, std::uint64_t count,
                 const std::function<bool(std::uint64_t, byte_view)>& visit);

  /// A tile's hashes, or nothing where it is not stored.
  std::optional<byte_view> tile(unsigned level, std::uint64_t index);

  /// The same, copied, as proofs are made from.
  std::optional<bytes> tile_copy(unsigned level, std::uint64_t index);

  /// A payload's ciphertext and key: nothing where there never was one; an
  /// empty key where it was shredded, or where its secret is not on this node.
  struct sealed {
    byte_view ciphertext;
    bytes key;
    std::optional<std::uint64_t> shredded_by; ///< the entry that tells of it
  };
  result<std::optional<sealed>> payload(std::uint64_t index,
                                        std::uint8_t place);

  /// The last signed checkpoint that was stored, a C2SP note; may be empty.
  result<std::string> checkpoint();

  read_transaction& transaction() noexcept { return *reading_; }
  const log_tables& tables() const noexcept { return tables_; }

private:
  log_view(std::unique_ptr<read_transaction> reading, vault& secrets,
           const log_tables& tables)
      : reading_{std::move(reading)}, secrets_{&secrets}, tables_{tables} {
    // `open` reads the head.
  }

  std::unique_ptr<read_transaction> reading_;
  vault* secrets_;
  log_tables tables_;
  /// A bundle of archived entries that was read; each is checked by its tile
  /// when it is taken.
  struct archived_bundle {
    bytes content;
    std::vector<byte_view> entries; ///< into `content`
  };
  result<byte_view> archived_entry(std::uint64_t index);
  bool is_leaf(std::uint64_t index, byte_view entry);
  result<std::optional<byte_view>> archived_payload(std::uint64_t index,
                                                    std::uint8_t place);

  log_head head_;
  archived_part archived_;
  std::map<std::uint64_t, archived_bundle> bundles_;
  std::map<std::uint64_t, bytes> payloads_; ///< of archived bundles
};

} // namespace acgs::store
