// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// READER's messages: everything that is read from the ledger, in short read
// transactions and off the thread that syncs.

#include "runtime/actor/directory.hpp"
#include "runtime/actor/local_message.hpp"
#include "runtime/actor/probe.hpp"
#include "runtime/domain/figures.hpp"
#include "runtime/domain/payload.hpp"
#include "runtime/wire/entry.hpp"

#include <caf/typed_actor.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acgs::reader {

/// Bounds of a query: entries returned, skipped, and counted. Whoever wants to
/// go further goes on by the cursor, which costs the same at any depth.
inline constexpr std::uint32_t limit_max = 1000;
inline constexpr std::uint64_t offset_max = 10'000;
inline constexpr std::uint64_t total_max = 10'000;

/// Which entries; every condition that is set must hold.
struct query {
  std::string event_type; ///< the event type, or the name of an entry kind
  std::string agent;
  std::string request_id;
  std::string decision_id;
  std::string path; ///< as recorded, or as `auth::spelled_by_steps` takes it
  std::string caused_by; ///< subject of the caller: what a caller without a
                         ///< token is limited to
  std::optional<std::int64_t> from_nanos; ///< inclusive
  std::optional<std::int64_t> to_nanos;   ///< exclusive
  std::uint64_t offset = 0;               ///< at most `offset_max`
  std::uint32_t limit = 100;              ///< at most `limit_max`
  std::optional<std::uint64_t> before; ///< cursor: only what comes after this
                                       ///< index in the order asked for, so
                                       ///< smaller ones where newest first
  bool oldest_first = false;
  using local_message = void;
};

/// An entry and where it stands.
struct located {
  std::uint64_t index = 0;
  digest leaf_hash{}; ///< RFC 6962 leaf hash of the entry's bytes
  wire::entry entry;
};

struct query_result {
  std::vector<located> entries;
  std::uint64_t total = 0;   ///< matches from the cursor on, counted up to
                             ///< `total_max`
  bool beyond_total = false; ///< there are more matches than those
  std::optional<std::uint64_t> next; ///< cursor for `before` where there is
                                     ///< more
  /// Entries before this are in an archive, and were not searched.
  std::uint64_t archived = 0;
  using local_message = void;
};

/// One entry: by index, or by decision id where `decision_id` is not empty.
struct get_entry {
  std::uint64_t index = 0;
  std::string decision_id;
  bool with_payloads = false; ///< decrypts what the entry commits to
  /// Of an entry that was archived, and that cannot be read here, its place is
  /// answered, and an entry that says nothing.
  bool place_is_enough = false;
  using local_message = void;
};

struct opened_payload {
  domain::payload_kind kind = domain::payload_kind::input;
  bool shredded = false; ///< its key was destroyed
  bool lost = false;     ///< its key is not on this node
  bool matches = false;  ///< the commitment covers it
  std::string text;
};

struct entry_result {
  located found;
  std::vector<opened_payload> payloads;
  std::optional<domain::shredding> shredded;
  bool archived = false; ///< and not to be read here
  /// Of a decision: what its caller reported later, oldest first, at most 100.
  std::vector<located> outcomes;
  using local_message = void;
};

/// A receipt (C2SP tlog-proof): inclusion proof and signed checkpoint, with
/// the entry's bytes as its extra data, so that it can be checked by itself.
struct get_receipt {
  std::uint64_t index = 0;
  std::string decision_id;
  using local_message = void;
};

struct text_result {
  std::string text;
  using local_message = void;
};

/// Recomputes the tree from the entries in the range, and checks tiles, the
/// signed checkpoint and the commitments of payloads that still exist.
struct verify {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> last; ///< inclusive; nothing: to the end
  using local_message = void;
};

struct verify_result {
  bool verified = false;
  std::uint64_t checked = 0;
  std::uint64_t archived = 0; ///< so many more by their kept hashes alone
  /// Of these, the first of which a folder that is given lacks the file.
  std::optional<std::uint64_t> first_unread;
  std::uint64_t tree_size = 0;
  digest root{};
  std::optional<std::uint64_t> first_wrong; ///< entry that does not hold
  std::string problem; ///< for the reader, empty where verified
  using local_message = void;
};

/// The sealed payloads of a bundle's entries, as archives hold them
/// (runtime/store/payload_bundle.hpp), a piece at a time.
struct get_sealed {
  std::uint64_t bundle = 0;
  std::uint64_t offset = 0; ///< of the record that begins at `index`, `place`
  std::uint64_t index = 0;  ///< at or before the bundle's first: from there
  std::uint8_t place = 0;
  using local_message = void;
};

struct sealed_result {
  bytes content;
  std::optional<get_sealed> next; ///< how to go on, where there is more
  using local_message = void;
};

/// What C2SP tlog-tiles serves: "checkpoint", "checkpoint/512", "tile/0/000",
/// "tile/entries/000.p/12", and "vkey". Empty origin: the current one.
struct get_resource {
  std::string origin;
  std::string path;
  using local_message = void;
};

struct get_stats {
  using local_message = void;
};

struct stats : domain::ledger_stats {
  using local_message = void;
};

} // namespace acgs::reader

namespace acgs {

/// Errors of each: `not_found`, `invalid_argument` (naming the field),
/// `store_corrupt`.
using reader_actor = caf::typed_actor<
    /// Searches; what the index does not hold yet is scanned.
    caf::replies_to<reader::query>::with<reader::query_result>,
    /// Shows one entry.
    caf::replies_to<reader::get_entry>::with<reader::entry_result>,
    /// Makes a receipt that anyone can check without us.
    caf::replies_to<reader::get_receipt>::with<reader::text_result>,
    /// Verifies the log.
    caf::replies_to<reader::verify>::with<reader::verify_result>,
    /// Serves a checkpoint, a tile or the verifier key.
    caf::replies_to<reader::get_resource>::with<reader::text_result>,
    /// What entries commit to, encrypted.
    caf::replies_to<reader::get_sealed>::with<reader::sealed_result>,
    /// Size and age.
    caf::replies_to<reader::get_stats>::with<reader::stats>,
    /// Reads the size of the log, or says which readers do not.
    caf::replies_to<probe>::with<probe_result>>;

namespace reader {

/// Where READER is found.
inline constexpr actor_key<reader_actor> key{"reader"};

} // namespace reader

} // namespace acgs
