// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// C2SP signed-note: a text that ends in a newline, an empty line, then a line
// a signature: em dash, space, key name, space, base64 of the key id (4 bytes,
// big endian) and the signature. Nothing of a note may be believed before
// `verify_note` said so.

#include "merkle/verifier_key.hpp"

namespace merkle {

/// One signature line.
struct note_signature {
  std::string name;
  std::uint32_t key_id = 0;
  bytes signature;

  friend bool operator==(const note_signature&,
                         const note_signature&) = default;
};

/// A text and who says that they signed it.
struct note {
  std::string text;
  std::vector<note_signature> signatures;

  friend bool operator==(const note&, const note&) = default;
};

/// Bounds on what parse_note takes: 1 MiB and 100 signatures.
inline constexpr std::size_t max_note_size = 1 << 20;
inline constexpr std::size_t max_note_signatures = 100;

/// Writes a note. Fails on a text or a name that a note cannot carry.
result<std::string> format_note(const note& what);

/// Reads a note; checks its form and no signature.
result<note> parse_note(std::string_view text);

/// The keys, out of `known`, whose signatures verify; at least one. Fails where
/// a signature by a known key does not verify, and where none is by one.
result<std::vector<verifier_key>>
verify_note(const note& what, std::span<const verifier_key> known);

/// Signs the text as `key` and appends the signature.
outcome sign_note(note& what, const verifier_key& key,
                  const sign_function& sign);

} // namespace merkle
