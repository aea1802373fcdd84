// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// C2SP tlog-cosignature, Ed25519 (type 0x04): a witness says that at a time
// this checkpoint was the largest that it had seen. Signed are the lines
// "cosignature/v1" and "time <seconds>", then the checkpoint's text; the
// signature's bytes are the time (8 bytes, big endian) and 64 of Ed25519.

#include "merkle/note.hpp"

namespace merkle {

/// What a witness said and when.
struct cosignature {
  std::uint64_t timestamp = 0; ///< POSIX seconds, below 2^63
  ed25519_signature signature{};
};

/// The message that a witness signs.
std::string cosignature_message(std::uint64_t timestamp,
                                std::string_view checkpoint_text);

bytes format_cosignature(const cosignature& what);

result<cosignature> parse_cosignature(bytes_view data);

/// True where `signature` is a cosignature of that text by `key`.
bool verify_cosignature(const verifier_key& key,
                        std::string_view checkpoint_text, bytes_view signature);

/// Cosigns the note's text as `key` at `timestamp`.
outcome cosign_note(note& what, const verifier_key& key,
                    std::uint64_t timestamp, const sign_function& sign);

} // namespace merkle
