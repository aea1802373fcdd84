// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// C2SP tlog-checkpoint: a note whose text is the log's origin, the tree's size
// in decimal and its root in base64, a line each, then optional extension
// lines.

#include "merkle/note.hpp"

namespace merkle {

/// A log's tree head.
struct checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  hash root{};
  std::vector<std::string> extensions;

  friend bool operator==(const checkpoint&, const checkpoint&) = default;
};

/// The note text of a checkpoint.
std::string format_checkpoint(const checkpoint& what);

result<checkpoint> parse_checkpoint(std::string_view text);

/// The checkpoint of a signed note, once `log` signed it: the origin must be
/// the key's name. Other signatures are not looked at.
result<checkpoint> open_checkpoint(std::string_view signed_note,
                                   const verifier_key& log);

} // namespace merkle
