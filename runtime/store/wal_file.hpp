// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The file beneath a write-ahead log: of fixed length, every byte of it written
// once before use, so that a later sync has data to wait for and no metadata.
// Tests hand in a twin that loses what was not synced.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"

#include <filesystem>
#include <memory>

namespace acgs::store {

/// Belongs to one thread at a time.
class wal_file {
public:
  virtual ~wal_file();

  /// In bytes; the same for as long as the file exists.
  virtual std::uint64_t size() const = 0;

  /// Reads so many bytes from a place on; both lie within the size.
  virtual caf::error read(std::uint64_t from, std::span<std::byte> to) = 0;

  /// Writes within the size. Not durable yet.
  virtual caf::error write(std::uint64_t at, byte_view content) = 0;

  /// Makes durable what was written. After an error, end the process.
  virtual caf::error sync() = 0;
};

/// How long a new file is made.
inline constexpr std::uint64_t wal_file_size = std::uint64_t{8} << 20;

/// Opens the file, or makes it: under another name first, so that it is there
/// whole or not at all. Mode 0600. Fails with `store_corrupt` where it is not
/// a regular file of whole pages, with `store_full`, `forbidden` or `store_io`.
result<std::unique_ptr<wal_file>>
open_wal_file(const std::filesystem::path& path,
              std::uint64_t size = wal_file_size);

} // namespace acgs::store
