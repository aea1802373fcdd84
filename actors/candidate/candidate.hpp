// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CANDIDATE, the actor: puts decisions that have been answered to policies
// that somebody wants to try, one at a time, on an evaluator of its own. It
// never answers for a decision, and nothing waits for it: too many decisions
// are dropped and counted.

#include "actors/candidate/config.hpp"

namespace acgs::candidate {

candidate_actor::behavior_type candidate(candidate_actor::pointer self,
                                         config cfg);

} // namespace acgs::candidate
