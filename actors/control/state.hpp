// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CONTROL's core: what is present, and what a command would make of it. No
// messaging and no I/O; one thread at a time. A command passes three gates, in
// this order: `stage` (it applies), `commit` (it is durable in the history),
// `publish` (the ledger holds its entry). One that changes content is prepared
// before (preparation.hpp), one at a time, while others pass: staging never
// compiles.

#include "actors/control/preparation.hpp"
#include "actors/control/protocol.hpp"
#include "runtime/crypto/random.hpp"

#include <functional>
#include <span>

namespace acgs::control {

/// A command and what it leads to.
struct staged {
  wire::command command;
  domain::control_state_ptr state;
  snapshot_ptr compiled;
};

class state {
public:
  /// `random` fills the salt of new commands.
  using filler = std::function<void(std::span<std::byte>)>;
  explicit state(constitution_aliases aliases,
                 filler random = crypto::random_fill);

  /// Takes up what the history holds. Fails with `policy_invalid` where it
  /// does not compile (any more).
  caf::error resume(domain::control_state_ptr from);

  /// What a command that changes content is to be prepared upon.
  control::basis basis() const;

  /// Whether what was prepared can be staged: content is what it was then. It
  /// is where only one command at a time is prepared.
  bool holds(const prepared& what) const { return what.content == content_; }

  /// What a command would lead to; nothing is changed. The command gets `now`
  /// as its time, and a salt. Given a command, it must be one that changes no
  /// content; given a prepared one, `holds` must be true of it.
  result<staged> stage(const wire::command& what, wall_time now) const;
  result<staged> stage(const prepared& what, wall_time now) const;

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
  wire::command stamped(const domain::command& what, wall_time now) const;
  result<staged> staged_upon(const wire::command& what,
                             domain::control_state_ptr next,
                             const snapshot& known) const;

  constitution_aliases aliases_;
  filler random_;
  std::uint64_t content_ = 0; ///< how often content was changed
  domain::control_state_ptr head_;
  snapshot_ptr compiled_;
  control::published present_;
};

} // namespace acgs::control
