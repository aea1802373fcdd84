// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Entries about other entries, as both gateways make them: what became of a
// decision, and that an entry's payloads were shredded. Both carry the id of
// the decision that they are about.

#include "runtime/auth/admin_gate.hpp"
#include "runtime/domain/payload.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace acgs::auth {

/// How what was decided went, as its caller reports it.
inline constexpr std::array<std::string_view, 5> outcome_names{
    "succeeded", "failed", "partial", "cancelled", "not_attempted"};

inline constexpr std::size_t outcome_detail_bytes_max = 64 * 1024;

/// A caller's report on a decision.
struct outcome_report {
  std::string status; ///< one of `outcome_names`
  std::string detail; ///< JSON, or empty
  std::string request_id;
};

/// Refuses (`invalid_argument`, `too_large`) what is no report.
caf::error check_report(const outcome_report& what);

/// Whether the caller may report on the decision: who asked for it may, and
/// operators and admins. Else `not_found`, as for an entry that is not there.
/// `conflict` where the entry is about no decision.
caf::error may_report(const domain::identity& who, const domain::entry& on);

/// An entry and what it commits to.
struct noted {
  wire::entry entry;
  std::vector<domain::sealed_payload> payloads;
};

/// The entry of a report: {"entry": index, "status": ...} in clear, the
/// caller's detail as a payload.
noted outcome_entry(const outcome_report& what, const domain::identity& who,
                    const domain::entry& on, std::uint64_t index, occasion at);

/// The longest reason for shredding, in bytes.
inline constexpr std::size_t shred_reason_bytes_max = 500;

/// Refuses what cannot be shredded for certain, because its text is kept
/// elsewhere too (`conflict`), and a reason that is missing or too long.
caf::error may_shred(const deed& of, const domain::entry& target,
                     std::uint64_t index);

/// The entry that tells of a shredding: {"entry": index, "reason": ...} in
/// clear, for it is what remains.
wire::entry shred_entry(const deed& of, const domain::identity& who,
                        const domain::entry& target, std::uint64_t index,
                        occasion at);

/// What somebody says about entries that were archived and are to go.
struct archive_note {
  std::uint64_t first = 0; ///< of the archive
  std::uint64_t size = 0;  ///< entries before it
  digest root{};
  digest payloads{}; ///< over the archive's payloads
};

/// Refuses (`invalid_argument`) a reason that is missing or too long.
caf::error check_archive(const deed& of);

/// The entry that tells of it: {"first", "size", "root", "payloads", "reason"}
/// in clear.
wire::entry archive_entry(const deed& of, const domain::identity& who,
                          const archive_note& what, occasion at);

} // namespace acgs::auth
