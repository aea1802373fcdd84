// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Table "meta" of every environment: facts about the environment itself.
// Key: a name. Value: what the name says.
//
// In each:   "schema"              kind/version, see schema.hpp
// In ledger: "origin"              the current origin, text
//            "head/<origin>"       size (8 bytes, big endian) || root (32)
//            "checkpoint/<origin>" the last signed checkpoint, a C2SP note
//            "kinds/<origin>"      reserved
//            "wal"                 sequence (8, big endian) || salt (32) of the
//                                  write-ahead log up to which it is contained
//            (NODE writes "origin", before any actor: actors/node/epoch.hpp)
//            "archived/<origin>"  what of the log is no longer here but in an
//                                  archive (runtime/store/archived.hpp)
//            "shredding/<origin>"  secrets of the vault (8 bytes each, big
//                                  endian) that no key is masked by any more
//                                  and that may not be destroyed yet
//            "lost/<origin>"       first and last (8 each, big endian) of the
//                                  entries of which payloads lost their secret
//                                  otherwise than by being shredded
// In index:  "indexed/<origin>"    size up to which the index is complete
//            "swept/<origin>"      it has no records of the entries before it
//
// Invariant: head/<origin> is written in the transaction that writes the
// entries and tiles which it speaks of.

#include "runtime/store/keys.hpp"

#include <string>

namespace acgs::store::meta {

inline constexpr const char* name = "meta";
inline constexpr std::string_view schema_key = "schema";
inline constexpr std::string_view origin_key = "origin";
inline constexpr std::string_view wal_key = "wal";

inline std::string head_key(std::string_view origin) {
  return "head/" + std::string{origin};
}

inline std::string checkpoint_key(std::string_view origin) {
  return "checkpoint/" + std::string{origin};
}

inline std::string shredding_key(std::string_view origin) {
  return "shredding/" + std::string{origin};
}

inline std::string lost_key(std::string_view origin) {
  return "lost/" + std::string{origin};
}

inline std::string archived_key(std::string_view origin) {
  return "archived/" + std::string{origin};
}

inline std::string indexed_key(std::string_view origin) {
  return "indexed/" + std::string{origin};
}

inline std::string swept_key(std::string_view origin) {
  return "swept/" + std::string{origin};
}

} // namespace acgs::store::meta
