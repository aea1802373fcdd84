// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A write-ahead log: records that are durable after one write and one sync,
// kept until what they say stands elsewhere. Each begins on a page of its own,
// so that writing one never touches a sector that holds an older one: a torn
// write loses only what nobody was told of.
//
// The first page holds magic (8 bytes) || salt (32, random) || length of the
// file (8, big endian; 0: as files were made before it was told), so that a
// file that was cut where a record begins is known as cut. A record is: magic
// (8) || sequence (8, big endian) || length of the body (8, big endian) ||
// SHA-256 over salt, sequence, length and body (32) || body, filled up with
// zeros to whole pages. Sequences rise by one from record to record and never
// begin again, so that what an older turn of the file left behind is known as
// old; the salt keeps what a body holds from being taken for a record.

#include "runtime/crypto/sha256.hpp"
#include "runtime/store/wal_file.hpp"

#include <functional>
#include <optional>

namespace acgs::store {

/// What a disk writes at once, at the most that is in use.
inline constexpr std::uint64_t wal_page = 4096;

/// What is left of a record at the end that is not whole.
struct unfinished_record {
  std::uint64_t at = 0;   ///< its first byte in the file
  std::uint64_t size = 0; ///< its bytes, as far as they can be told
};

class wal {
public:
  /// Outlived by the file. `salt` is for a file that is used for the first
  /// time. `open` comes first, then `replay`.
  wal(wal_file& file, const digest& salt) : file_{&file}, salt_{salt} {
    // Stands at the beginning.
  }

  using use_body = std::function<caf::error(byte_view body)>;

  /// Reads what kind of file it is, or marks a new one. Fails with
  /// `store_corrupt` where it is no such log, or not as long as it was made.
  caf::error open();

  /// Tells one log from another.
  const digest& salt() const { return salt_; }

  /// Hands on the body of each record whose sequence is beyond `applied`, in
  /// order; goes on behind the last. What power loss tore is at the end, was
  /// promised to nobody and is passed over; see `unfinished`. Fails with
  /// `store_corrupt` where a record is missing or spoilt before one that is
  /// there, and as `use` does.
  caf::error replay(std::uint64_t applied, const use_body& use);

  /// The record that `replay` passed over at the end. One that was whole and
  /// that the disk has spoilt since looks the same, so it is to be told.
  const std::optional<unfinished_record>& unfinished() const {
    return unfinished_;
  }

  /// Hands on again what was handed on or added since, beyond `applied`, and
  /// not what could not be synced. Fails with `store_corrupt` where one of them
  /// can no longer be read, and as `use` does.
  caf::error repeat(std::uint64_t applied, const use_body& use);

  /// Whether a record of that many bytes finds room before the next rewind.
  bool has_room(std::size_t body_size) const;

  /// Writes a record and syncs it. Only with room for it. After `store_full`
  /// the next one takes its place; any other failure must end the process.
  caf::error add(byte_view body);

  /// What is in it, up to `last_written`, stands elsewhere: the next record
  /// comes first.
  void rewind() {
    at_ = wal_page;
    last_ = last_written();
    spoilt_ = false;
  }

  /// The sequence of the last record.
  std::uint64_t last() const { return last_; }

  /// The same, or that of one after it which could not be synced and may be
  /// in the file all the same: whoever goes on without it counts it as used.
  std::uint64_t last_written() const { return last_ + (spoilt_ ? 1 : 0); }

  /// Whether nothing was written since the beginning or the last rewind.
  bool empty() const { return at_ == wal_page && !spoilt_; }

private:
  struct found {
    std::uint64_t sequence = 0;
    bytes body;
    std::uint64_t pages_size = 0;
  };

  digest check_of(byte_view numbers, byte_view body);
  result<std::optional<found>> record_at(std::uint64_t at);
  caf::error walk(std::uint64_t applied, std::uint64_t end,
                  const use_body& use);
  caf::error check_rest(std::uint64_t from);
  caf::error check_length(std::uint64_t told) const;
  caf::error look_for_unfinished();

  wal_file* file_;
  digest salt_;
  std::uint64_t at_ = wal_page;
  std::uint64_t last_ = 0;
  bool spoilt_ = false;
  std::optional<unfinished_record> unfinished_;
  bytes buffer_;
  crypto::sha256 hasher_;
};

} // namespace acgs::store
