// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A backup as a file: written beside its name and renamed when it is whole and
// synced, so that a file of that name is a whole one; and read, with its
// headers and its manifest in memory and its blocks one at a time.

#include "runtime/backup/format.hpp"
#include "runtime/backup/manifest.hpp"
#include "runtime/crypto/key_history.hpp"

#include <filesystem>
#include <fstream>
#include <vector>

namespace acgs::backup {

/// A new file of mode 0600 under another name; gone again unless `keep` was
/// called.
class file_writer {
public:
  /// Fails with `conflict` where something of that name is there, with
  /// `store_full`, or with `store_io`, each naming the file.
  static result<file_writer> create(const std::filesystem::path& path);

  ~file_writer();
  file_writer(file_writer&& other) noexcept;
  file_writer& operator=(file_writer&&) = delete;

  caf::error write(byte_view part);

  /// Makes what was written durable, under its other name still.
  caf::error sync();
  const std::filesystem::path& unfinished() const { return part_; }

  /// Gives it its name, durably.
  caf::error keep();

private:
  file_writer(std::filesystem::path path, std::filesystem::path part, int file)
      : path_{std::move(path)}, part_{std::move(part)}, file_{file} {
    // `create` has opened it.
  }

  caf::error failed(const std::string& doing) const;

  std::filesystem::path path_;
  std::filesystem::path part_;
  int file_;
};

/// A backup that is there.
class file_reader {
public:
  /// Reads headers and manifest; a block that they contradict is named. Fails
  /// with `invalid_argument` where the file cannot be read or is no backup,
  /// and with `store_corrupt`.
  static result<file_reader> open(const std::filesystem::path& path);

  const manifest& what() const { return manifest_; }

  /// The manifest as it was signed.
  const std::string& note() const { return note_; }

  /// The key that signed the manifest, of those that a log has had. Fails with
  /// `store_corrupt` where none did that may be believed.
  result<merkle::verifier_key> signed_by(const crypto::key_history& keys) const;

  /// SIGNER's ring as it was; empty where there is none in the file.
  result<std::string> ring();

  /// Blocks, without the manifest.
  std::size_t size() const { return blocks_.size(); }
  const block_header& header(std::size_t i) const { return blocks_[i].header; }

  /// The content of a block. Fails with `store_corrupt`, naming it.
  result<bytes> read(std::size_t i);

  /// "block 3 at byte 12345", for errors.
  std::string name_of(std::size_t i) const;

  const std::filesystem::path& path() const { return path_; }

private:
  struct located {
    block_header header;
    std::uint64_t at = 0; ///< of the header
  };

  explicit file_reader(const std::filesystem::path& path)
      : path_{path}, in_{path, std::ios::binary} {
    // `open` reads.
  }

  caf::error read_headers();
  caf::error read_manifest();
  result<bytes> bytes_at(std::uint64_t at, std::uint64_t size);
  result<bytes> content_of(const located& block);
  caf::error wrong(const located& block, const caf::error& why) const;

  std::filesystem::path path_;
  std::ifstream in_;
  std::vector<located> blocks_;
  digest headers_{};
  std::string note_;
  manifest manifest_;
};

} // namespace acgs::backup
