// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to `apply`: what each kind of command does to a state that is being
// made. A change that fails leaves the state in pieces; it is thrown away then.

#include "runtime/base/error.hpp"
#include "runtime/domain/command.hpp"
#include "runtime/domain/control_state.hpp"

namespace acgs::control::changes {

/// Changes `next`, whose revision is the new one already.
using change = caf::error(domain::control_state& next,
                          const domain::command& what);

change put_policy;
change delete_policy;
change set_constitution;
change put_candidate;
change drop_candidate;

change put_data;
change patch_data;
change delete_data;

change put_user;
change revoke_user;
change issue_token;
change revoke_token;

change set_strict_mode;
change set_lockdown;
change set_limit;
change key_event;
change set_log_level;
change set_aliases;

} // namespace acgs::control::changes
