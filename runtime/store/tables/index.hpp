// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tables of index/: where the entries of the current origin are found by what
// they say. Written behind the log; all of it can be rebuilt from the log.
//
// "by_type", "by_agent", "by_request", "by_decision", "by_path", "by_subject"
//   Key: the text || 0x00 || the entry's index (8 bytes, big endian). A text
//   beyond 64 bytes stands as its first 32 bytes || its SHA-256 (32 bytes).
//   Value: empty. An entry without the text has no record. "by_type" holds
//   the event type, and the kind's name where that is another text.
// "times"
//   Key: a block of 256 entries (8 bytes, big endian). Value: the latest time
//   of any entry up to the block's end, in nanoseconds (8 bytes). Ascending.
// "counts"
//   Key: an entry kind (1 byte). Value: how many are indexed (8 bytes).
// "meta" besides: "indexed/<origin>", and "skew": by how much an entry was ever
//   older than one before it, in nanoseconds (8 bytes).
//
// Invariant: complete for the entries below indexed/<origin>; a record may only
// point too far after a crash, so each is checked against its entry.

#include "runtime/store/keys.hpp"

#include <array>

namespace acgs::store::index {

/// The tables that are searched by a text, in the order of selectivity.
enum class by : unsigned { decision, request, subject, agent, path, type };

inline constexpr std::array<const char*, 6> names{"by_decision", "by_request",
                                                  "by_subject",  "by_agent",
                                                  "by_path",     "by_type"};

inline constexpr const char* times_name = "times";
inline constexpr const char* counts_name = "counts";
inline constexpr std::string_view skew_key = "skew";

/// Entries in a block of "times".
inline constexpr std::uint64_t block_size = 256;

} // namespace acgs::store::index
