// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What SIGNER knows of its keys besides their private parts: which files hold
// the active ones, and the log's statements about all that came before. The
// file `ring.json` beside the key files holds it and is replaced in one step:
// that step is the moment at which a key follows another. A pure value.

#include "actors/signer/protocol.hpp"
#include "runtime/base/error.hpp"
#include "runtime/crypto/key_history.hpp"

#include <array>
#include <map>

namespace acgs::signer {

/// A key that signs now.
struct ring_key {
  std::string file; ///< of the private part, below the folder of keys
  merkle::verifier_key key;
  std::int64_t created_nanos = 0;
};

/// A log that this node wrote before under another origin.
struct past_log {
  merkle::verifier_key key; ///< its last one; the name is the origin
  std::vector<std::string> statements;
};

struct ring {
  std::string origin;
  std::array<ring_key, purpose_names.size()> active; ///< by purpose
  std::vector<std::string> statements;               ///< oldest first
  std::map<std::string, std::string> reasons;  ///< by record name of a key
  std::map<std::string, std::int64_t> created; ///< of replaced keys, likewise
  std::vector<past_log> past;
};

/// The name of a purpose's keys: the origin itself for checkpoints, and below
/// it `<origin>/token` and `<origin>/bundle`.
std::string key_name_of(const std::string& origin, purpose serves);

std::string format_ring(const ring& what);

/// Fails with `store_corrupt`, naming what is wrong.
result<ring> parse_ring(std::string_view text);

/// The history that the ring tells. Fails with `store_corrupt` where its
/// statements do not lead to its active keys.
result<crypto::key_history> history_of(const ring& what);

/// The same keys under another origin, whose log has not begun; the log so far
/// is one of the past.
result<ring> under_origin(ring what, const std::string& origin);

} // namespace acgs::signer
