// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// C2SP tlog-proof: a receipt that anyone can check offline with the log's
// verifier key. Lines: "c2sp.org/tlog-proof@v1", optionally "extra <base64>",
// "index <n>", the inclusion proof a hash a line in base64, an empty line, then
// the signed checkpoint as the log wrote it.

#include "merkle/checkpoint.hpp"
#include "merkle/proof.hpp"

#include <optional>

namespace merkle {

/// Where an entry is in a log, and the proof of it.
struct receipt {
  std::optional<bytes> extra; ///< authenticated by nothing
  std::uint64_t index = 0;
  proof path;
  std::string checkpoint; ///< the signed note

  friend bool operator==(const receipt&, const receipt&) = default;
};

std::string format_receipt(const receipt& what);

result<receipt> parse_receipt(std::string_view text);

/// The checkpoint, once `log` signed it and the receipt proves that `leaf` is
/// in it at the receipt's index.
result<checkpoint> verify_receipt(const receipt& what, const hash& leaf,
                                  const verifier_key& log);

} // namespace merkle
