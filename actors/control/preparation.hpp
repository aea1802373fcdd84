// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The long part of a command of content (content.hpp): documents are read and
// changed, policies compiled. Pure, and on values that never change, so that
// any thread can do it while CONTROL carries out other commands. What comes of
// it is staged upon the head of its day (state.hpp), which takes no longer
// than any other command.

#include "actors/control/bundle_source.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/snapshot/snapshot.hpp"
#include "runtime/wire/command.hpp"

namespace acgs::control {

/// What a command is prepared upon.
struct basis {
  domain::control_state_ptr state;
  snapshot_ptr compiled;
  std::uint64_t content = 0; ///< how often content had been changed then
};

/// What the command led to upon its basis.
struct prepared {
  wire::command command;
  domain::control_state_ptr state;
  snapshot_ptr compiled;
  std::uint64_t content = 0; ///< of the basis
};

/// Applies the command, compiles what it leads to within the limits and looks
/// for conflicts.
/// Fails as `apply`, `snapshot::build` and `check_conflicts` do, and where the
/// command is one that only the history may hold.
result<prepared>
prepare(const basis& upon, const wire::command& what, wall_time now,
        const constitution_aliases& aliases, const bundle_source& bundles,
        const rego::compile_limits& limits = limits_of_new_policies);

} // namespace acgs::control
