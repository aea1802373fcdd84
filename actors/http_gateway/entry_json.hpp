// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ledger entries as the audit API shows them, and the ids that it calls them
// by: "evt_42" for the entry of index 42; a decision's id names its entry too.

#include "actors/reader/protocol.hpp"
#include "runtime/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace acgs::http_gateway {

/// "evt_42".
std::string event_id(std::uint64_t index);

/// The index of "evt_42" or "42"; nothing for any other text.
std::optional<std::uint64_t> parse_event_id(std::string_view text);

/// One entry as a JSON object.
std::string entry_json(const reader::located& from);

/// The same with what it commits to, opened, what became of a decision
/// ("outcomes"), and that it was shredded.
std::string entry_json(const reader::entry_result& from);

/// "sha256:" and the RFC 6962 leaf hash in hexadecimal.
std::string hash_text(const digest& leaf_hash);

/// The leaf hash of an entry's bytes.
digest leaf_hash_of(byte_view encoded);

} // namespace acgs::http_gateway
