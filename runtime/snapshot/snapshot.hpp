// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What decisions are made with: the compiled policies and the base documents
// of one revision of control state. Immutable, so that evaluators on any
// thread share it, and it outlives the actors that use it. CONTROL builds one
// before it accepts a command: what does not compile never becomes state.
//
// Documents that the node itself adds, so that policies can see them:
//   data.acgs.mode          {"strict": bool, "lockdown": bool}
//   data.acgs.constitution  {"hash": 16 digits, "names": {16 digits: true}}

#include "runtime/base/bytes.hpp"
#include "runtime/base/error.hpp"
#include "runtime/domain/constitution_names.hpp"
#include "runtime/domain/control_state.hpp"

#include <rego/engine.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace acgs {

using domain::constitution_aliases;

/// What compiling policies that somebody hands in may take, together with those
/// that stand already: one or two seconds of an optimised build for each
/// megabyte. Nothing real comes near; the history's are compiled whatever they
/// take, as they were.
inline constexpr rego::compile_limits limits_of_new_policies{
    .steps = 200'000'000, .steps_per_byte = 200};

class snapshot;
using snapshot_ptr = std::shared_ptr<const snapshot>;

class snapshot {
public:
  /// Compiles what control state holds. Parts that are the same as in
  /// `previous` (may be null) are taken from there, so that a change of modes
  /// or people neither compiles policies nor reads data. `limits` bound each
  /// compilation; `aliases` count where the state has none. Fails with
  /// `policy_invalid`, one line an error (of a candidate's too, in the revision
  /// that puts it; later ones leave it out), or `invalid_argument` where the
  /// data cannot be read or stands where a policy is.
  static result<snapshot_ptr> build(domain::control_state_ptr state,
                                    const constitution_aliases& aliases,
                                    const snapshot* previous,
                                    const rego::compile_limits& limits = {});

  const domain::control_state& state() const { return *state_; }
  std::uint64_t revision() const { return state_->revision; }

  /// SHA-256 over the sorted paths and digests of all modules.
  const digest& policy_digest() const { return policy_digest_; }
  /// SHA-256 over the base documents and the modes.
  const digest& data_digest() const { return data_digest_; }

  /// The constitution's name in records: the first 16 hexadecimal digits of
  /// its digest.
  const std::string& constitutional_hash() const { return names_.digits; }
  /// All of its names.
  const domain::constitution_names& constitution() const { return names_; }
  /// Whether `name` means the active constitution: its 16 digits, its whole
  /// digest, or an alias that the configuration gives to this very digest.
  bool is_constitution(std::string_view name) const {
    return names_.contains(name);
  }

  bool strict() const { return state_->strict.on; }
  bool lockdown() const { return state_->lockdown.on; }

  /// The same policies compiled so that evaluations tell their steps. Takes as
  /// long as compiling them did.
  rego::policy_ptr instrumented() const;

  /// What the candidate's policies make with the same data; null where there
  /// is no candidate, or where it does not compile with what is active now.
  const snapshot_ptr& trial() const { return trial_; }
  /// Why it does not; else empty.
  const std::string& trial_problem() const { return trial_problem_; }

  const rego::policy_ptr& policies() const { return policies_; }
  const rego::snapshot_ptr& data() const { return data_; }

private:
  snapshot() = default;

  caf::error compile(const snapshot* previous,
                     const rego::compile_limits& limits);
  caf::error read_base(const snapshot* previous);
  caf::error load(const snapshot* previous);
  caf::error try_candidate(const snapshot* previous,
                           const rego::compile_limits& limits);

  domain::control_state_ptr state_;
  digest policy_digest_{};
  digest data_digest_{};
  domain::constitution_names names_;
  rego::policy_ptr policies_;
  digest base_digest_{};
  rego::snapshot_ptr base_; ///< the documents as stored
  rego::snapshot_ptr data_; ///< with the node's own, above them
  snapshot_ptr trial_;
  std::string trial_problem_;
};

/// SHA-256 over the sorted list of paths and content digests, each line
/// "path\0digest\n" with the digest in hexadecimal: what names a constitution.
digest
digest_of_modules(const std::map<std::string, domain::policy_module>& modules);

} // namespace acgs
