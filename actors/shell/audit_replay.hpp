// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `audit replay`: recorded decisions made again at the node, a part of the
// ledger for each call, so that nothing there takes long and Ctrl-C ends it.
// By the policy of the time each must come out the same to the byte, or the
// exit code is 1; by a candidate, it is shown which verdicts would turn.

#include "actors/shell/command.hpp"

namespace acgs::shell {

std::vector<parameter> replay_parameters();

int audit_replay(invocation& in);

} // namespace acgs::shell
