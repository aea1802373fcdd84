// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The actors that decide: POLICY and its evaluators.

#include "actors/node/parts.hpp"

#include <chrono>
#include <vector>

namespace acgs::node {

/// What the HTTP gateway waits for a decision. It may wait half of that for an
/// evaluator; the other half is left for the evaluation and the log.
inline constexpr std::chrono::seconds decide_timeout{10};

/// The supervisor of the evaluators (`evaluators`, one_for_one: one that
/// crashes leaves the others alone), each of which has a thread of its own,
/// and POLICY behind it.
std::vector<child_spec> deciding_children(parts& of);

/// CANDIDATE and its evaluator. They come last, so that nothing starts again
/// because of them.
std::vector<child_spec> trying_children(parts& of);

} // namespace acgs::node
