// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The keys that a log has had, as its statements tell (key_change.hpp), and
// what each may be believed. Whoever trusts one of the log's keys learns of all
// others from here. A key that was replaced is believed for checkpoints up to
// the size that the log had then; one that was revoked, only where the whole
// tree is checked with it. A value; reading it is free of state.

#include "runtime/crypto/ed25519.hpp"
#include "runtime/crypto/key_change.hpp"

#include <span>
#include <vector>

namespace acgs::crypto {

/// More statements than these are refused.
inline constexpr std::size_t key_changes_max = 1000;

struct known_key {
  std::string purpose;
  merkle::verifier_key key;
  bool active = true;
  bool revoked = false;
  std::uint64_t last_size = 0;    ///< where not active: the log's size then
  std::int64_t began_seconds = 0; ///< 0: not known
  std::int64_t ended_seconds = 0; ///< where not active

  friend bool operator==(const known_key&, const known_key&) = default;
};

/// What a checkpoint says, and by whose word.
struct believed_checkpoint {
  merkle::checkpoint head;
  merkle::verifier_key by;
  bool by_revoked = false; ///< holds only where its root is that of the tree
};

class key_history {
public:
  key_history() = default;

  /// Keys of which none was ever replaced.
  explicit key_history(std::span<const merkle::verifier_key> unchanged);

  /// What the statements say, in their order, to somebody who trusts one of
  /// the log's keys. Fails with `invalid_argument`, naming the statement,
  /// where one is not signed as it must be, contradicts those before it, or
  /// where the trusted key is none of these.
  static result<key_history> follow(const merkle::verifier_key& trusted,
                                    std::vector<std::string> statements);

  /// A signing key of another purpose, known from elsewhere.
  void add_active(std::string purpose, merkle::verifier_key key,
                  std::int64_t began_seconds);

  /// Nothing where it has none.
  const known_key* active(std::string_view purpose) const;
  const known_key* find(const merkle::verifier_key& key) const;

  std::span<const known_key> keys() const { return keys_; }
  const std::vector<std::string>& statements() const { return statements_; }

  /// The tree heads in the statements, each of which the log must have had.
  const std::vector<key_change>& changes() const { return changes_; }

  /// The checkpoint, once a key that may be believed for its size signed it.
  /// Fails with `invalid_argument`, saying why.
  result<believed_checkpoint> open(std::string_view signed_note) const;

  /// The key that signed a note about the log of that size, which is no
  /// checkpoint of it. Fails with `invalid_argument` where none did that may be
  /// believed; a revoked one never is.
  result<merkle::verifier_key> signer_of(std::string_view signed_note,
                                         std::uint64_t size) const;

  /// The note of a checkpoint's text and its signature, by the key that made
  /// it; fails with `invalid_argument` where that is none of these, or one
  /// that may not sign that size any more.
  result<std::string> attach(const std::string& text,
                             const signature& by) const;

private:
  caf::error take(std::string_view statement);
  caf::error rotate(const key_change& what);
  caf::error revoke(const key_change& what);
  known_key* find_active(std::string_view purpose);
  caf::error check_use(const known_key& by, std::uint64_t size) const;

  std::vector<known_key> keys_;
  std::vector<std::string> statements_;
  std::vector<key_change> changes_;
};

/// "name+0123abcd": what a key is called, in lists and on record.
std::string key_record_name(const merkle::verifier_key& key);

} // namespace acgs::crypto
