// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a log says about its own keys: that one was replaced by another, or that
// one is no longer to be believed. A statement is a C2SP tlog-checkpoint of the
// log at that moment, with these extension lines, in this order:
//   acgs-key-change/v1 <rotated|revoked> <purpose> <seconds since 1970>
//   key <verifier key that signs no more>
//   successor <verifier key that signs from now on>      (rotated only)
// It is a signed note by the log's key and, where a key was replaced, by that
// one and its successor. So whoever trusts either of the two can go on to the
// other, and every statement is a checkpoint that any C2SP tool verifies.

#include "runtime/base/error.hpp"

#include <merkle/checkpoint.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace acgs::crypto {

enum class key_change_kind : std::uint8_t { rotated, revoked };

inline constexpr std::array<std::string_view, 2> key_change_names{"rotated",
                                                                  "revoked"};

/// The purpose of the keys that sign checkpoints.
inline constexpr std::string_view checkpoint_purpose = "checkpoint";

struct key_change {
  key_change_kind kind = key_change_kind::rotated;
  std::string purpose;      ///< "checkpoint", "token", "bundle"
  std::int64_t seconds = 0; ///< since 1970
  merkle::verifier_key key; ///< that signs no more
  std::optional<merkle::verifier_key> successor; ///< of one that was replaced
  std::string origin;                            ///< whose log it is
  std::uint64_t size = 0;                        ///< of the log at that moment
  merkle::hash root{};
};

/// The text to be signed.
std::string format_key_change(const key_change& what);

/// Reads what `format_key_change` writes and nothing else. Fails with
/// `invalid_argument`.
result<key_change> parse_key_change(std::string_view text);

} // namespace acgs::crypto
