// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a backup file is made of: the line "acgs-backup/1" with its newline,
// then blocks, in the order of `block_kind`; the last one is the manifest. A
// block is a header of 64 bytes, big endian, and what it stores:
//
//   kind (1) || form (1: 0 as it is, 1 zstd) || 6 zero bytes || records (8)
//   || size unpacked (8) || size stored (8) || SHA-256 of what is stored (32)
//
// Each digest stands in a header, the digest over all headers in the manifest,
// and the manifest is signed: one signature covers every byte. A block of a
// table is a sequence of records, in the order of their keys:
//
//   size of the key (2) || key || size of the value (4) || value
//
// A block holds about a mebibyte, or one record that is longer.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"

#include <cstdint>
#include <functional>

namespace acgs::backup {

inline constexpr std::string_view magic = "acgs-backup/1\n";

/// What a block holds. The numbers are stored.
enum class block_kind : std::uint8_t {
  checkpoint = 1, ///< the signed checkpoint of the log's size, a C2SP note
  edge,           ///< tiles from which the tree goes on, where not from empty;
                  ///< of entries that were archived, all tiles of leaves
  entries,        ///< key and value as in the table `entries`
  payloads,       ///< as in `payloads`
  idempotency,    ///< as in `idempotency`
  blobs,          ///< as in `blobs`
  commands,       ///< as in `commands` of state/
  payload_keys,   ///< as in `payload_keys`, sealed, see secrets.hpp
  ring,           ///< SIGNER's `ring.json`: no private part is in it
  manifest = 255, ///< a signed note, see manifest.hpp
};

inline constexpr std::size_t header_size = 64;

/// A block is ended when it has this much.
inline constexpr std::size_t block_target = std::size_t{1} << 20;

/// No block unpacks to more: the largest archive of a bundle, and some.
inline constexpr std::size_t block_size_max = std::size_t{72} << 20;

struct block_header {
  block_kind kind = block_kind::checkpoint;
  bool packed = false;
  std::uint64_t records = 0;
  std::uint64_t size = 0;
  std::uint64_t size_stored = 0;
  digest stored{};
};

/// Header and content of a block, packed where that makes it smaller.
/// Fails with `internal` where zstd does.
result<bytes> make_block(block_kind kind, std::uint64_t records,
                         byte_view content);

/// Reads a header of exactly `header_size` bytes. Fails with `store_corrupt`.
result<block_header> read_header(byte_view encoded);

/// The content of a block whose stored bytes are these. Fails with
/// `store_corrupt` where they are not what the header says.
result<bytes> open_block(const block_header& header, byte_view stored);

/// Adds a record to a block's content.
void add_record(bytes& to, byte_view key, byte_view value);

/// Visits the records of a block until `visit` fails. Fails with
/// `store_corrupt` where they are not `count` whole ones.
caf::error
for_each_record(byte_view content, std::uint64_t count,
                const std::function<caf::error(byte_view, byte_view)>& visit);

} // namespace acgs::backup
