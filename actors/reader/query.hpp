// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Searching the log: by the most selective condition's index, or by a range of
// time, and entry by entry what the index does not hold yet. Each entry is
// looked at before it is returned, whatever led to it.

#include "actors/reader/index_view.hpp"
#include "actors/reader/protocol.hpp"
#include "runtime/store/log_view.hpp"

namespace acgs::reader {

/// Bounds of a query: entries returned, skipped, and counted.
inline constexpr std::uint32_t limit_max = 1000;
inline constexpr std::uint64_t offset_max = 100'000;
inline constexpr std::uint64_t total_max = 10'000;

/// True where every condition that is set holds for the entry.
bool matches(const query& what, const domain::entry& entry);

/// Runs a query on one moment of log and index. Fails with `invalid_argument`
/// where a bound is exceeded, naming it.
result<query_result> run(const query& what, store::log_view& log,
                         index_view& index);

/// An entry with its place.
located locate(std::uint64_t index, wire::entry entry);

} // namespace acgs::reader
