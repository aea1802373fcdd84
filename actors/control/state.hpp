// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CONTROL's core: what is present, and what a command would make of it. No
// messaging and no I/O; one thread at a time. A command passes three gates, in
// this order: `stage` (it applies and the policies compile), `commit` (it is
// durable in the history), `publish` (the ledger holds its entry).

#include "actors/control/bundle_source.hpp"
#include "actors/control/protocol.hpp"
#include "runtime/snapshot/snapshot.hpp"

namespace acgs::control {

/// A command and what it leads to.
struct staged {
  wire::command command;
  domain::control_state_ptr state;
  snapshot_ptr compiled;
};

class state {
public:
  /// `bundles` opens archives.
  explicit state(constitution_aliases aliases, bundle_source bundles = {});

  /// Takes up what the history holds. Fails with `policy_invalid` where it
  /// does not compile (any more).
  caf::error resume(domain::control_state_ptr from);

  /// What the command would lead to; nothing is changed. The command gets
  /// `now` as its time.
  result<staged> stage(const wire::command& what, wall_time now) const;

  /// From now on commands are staged upon this one.
  void commit(const staged& done);

  /// From now on this is what others are shown.
  void publish();

  /// Notes why a bundle was not activated, or, without an error, that it was.
  void note_activation(std::string_view bundle, const caf::error& why,
                       wall_time now);

  /// The newest that is durable; not yet published, perhaps.
  const domain::control_state_ptr& head() const { return head_; }
  const snapshot_ptr& head_compiled() const { return compiled_; }

  /// What others are shown; nothing in it before the first `publish`.
  const control::published& present() const { return present_; }

private:
  constitution_aliases aliases_;
  bundle_source bundles_;
  domain::control_state_ptr head_;
  snapshot_ptr compiled_;
  control::published present_;
};

} // namespace acgs::control
