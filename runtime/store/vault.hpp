// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Secrets that can be destroyed. What a table once held may lie in its file for
// ever: LMDB writes each change to another page, frees the old one as it is,
// and carries old bytes along in the unused part of new ones. So secrets are
// kept apart, in a file whose records are overwritten in their place; tables
// hold only what is of no use without them.
//
// One writer, the environment's; any thread may read meanwhile.

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace acgs::store {

/// Secrets that were drawn; the number of each follows the one before.
struct drawn_secrets {
  std::uint64_t first = 0;
  std::vector<digest> secrets;
};

class vault {
public:
  virtual ~vault() = default;

  /// Fails with `store_corrupt` where what is in the vault's place is none, or
  /// with `store_io`. That nothing is there yet is no error.
  virtual caf::error check() = 0;

  /// Draws so many secrets and makes them durable. A number is never used
  /// again, not even (but by chance of one in 2^24) by another vault. Fails
  /// with `store_full` or `store_io`.
  virtual result<drawn_secrets> draw(std::uint32_t count) = 0;

  /// The secret, or nothing where it was destroyed or is another vault's.
  /// Fails with `store_corrupt` or `store_io`.
  virtual result<std::optional<digest>> get(std::uint64_t number) = 0;

  /// No number up to this one is drawn again, also where the vault was cut and
  /// does not reach that far any more. One of another vault is no error. Fails
  /// as `draw` does.
  virtual caf::error skip(std::uint64_t number) = 0;

  /// Overwrites the secrets and makes that durable. One that is not here, or
  /// not any more, is no error. Fails with `store_io`.
  virtual caf::error destroy(std::span<const std::uint64_t> numbers) = 0;
};

/// The vault in a file of mode 0600, made when the first secret is drawn, whole
/// or not at all:
///   header  "ACGS secrets 1" and two zeros (16 bytes) || the vault's own
///           number (3 bytes, random) || zeros up to 64 bytes
///   record  the secret (32 bytes), or zeros where it was destroyed
/// A secret's number is the vault's << 40 | its place.
class file_vault final : public vault {
public:
  explicit file_vault(std::filesystem::path file) : path_{std::move(file)} {}
  ~file_vault() override;
  file_vault(const file_vault&) = delete;
  file_vault& operator=(const file_vault&) = delete;

  caf::error check() override { return open(false); }
  result<drawn_secrets> draw(std::uint32_t count) override;
  caf::error skip(std::uint64_t number) override;
  result<std::optional<digest>> get(std::uint64_t number) override;
  caf::error destroy(std::span<const std::uint64_t> numbers) override;

private:
  caf::error open(bool make_missing);
  caf::error make() const;
  caf::error take_up();
  result<std::uint64_t> count() const;
  std::optional<std::uint64_t> place_of(std::uint64_t number) const;

  std::filesystem::path path_;
  std::mutex opening_; ///< guards what `open` sets
  int file_ = -1;
  std::uint64_t id_ = 0;
};

} // namespace acgs::store
