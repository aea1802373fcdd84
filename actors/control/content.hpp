// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Control state has two halves that know nothing of each other. Content is
// what takes long to change: policies, the constitution, base documents, the
// candidate, bundles. The rest, modes, people, tokens, keys and limits, is
// changed at once. Since no command reads the half that it does not change,
// what a command has made of content still holds once others have changed the
// rest, and need not be made again.

#include "runtime/domain/command.hpp"
#include "runtime/domain/control_state.hpp"

namespace acgs::control {

/// Whether commands of the kind change content; else they change the rest.
bool changes_content(domain::command_kind kind);

/// What applying a command of content at `now_nanos` upon `upon` leads to,
/// where applying it upon a state of the same content led to `made`: one
/// revision further, the rest as in `upon`, the content of `made`, with what
/// the command wrote bearing the new revision and time.
domain::control_state_ptr moved_upon(const domain::control_state& upon,
                                     const domain::control_state& made,
                                     std::int64_t now_nanos);

} // namespace acgs::control
