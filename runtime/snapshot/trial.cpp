// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The candidate beside the active policies.

#include "runtime/snapshot/snapshot.hpp"

namespace acgs {

namespace {

constexpr std::string_view constitution_prefix = "constitution/";

/// Control state as it would be with the candidate's modules. The constitution
/// keeps its name, by which requests pin it.
domain::control_state_ptr with_candidate(const domain::control_state& from) {
  auto out = std::make_shared<domain::control_state>(from);
  for (const auto& [id, module] : from.trial->modules)
    if (id.starts_with(constitution_prefix))
      out->constitution[id.substr(constitution_prefix.size())] = module;
    else
      out->policies[id] = module;
  out->trial = nullptr;
  return out;
}

} // namespace

caf::error snapshot::try_candidate(const snapshot* previous,
                                   const rego::compile_limits& limits) {
  if (!state_->trial)
    return {};
  if (previous != nullptr && previous->state_->trial == state_->trial
      && previous->policies_ == policies_ && !previous->trial_) {
    trial_problem_ = previous->trial_problem_;
    return {};
  }
  std::shared_ptr<snapshot> out{new snapshot};
  out->state_ = with_candidate(*state_);
  out->names_ = names_;
  auto before = previous != nullptr ? previous->trial_.get() : nullptr;
  auto wrong = out->compile(before, limits);
  if (wrong && state_->trial->revision == state_->revision)
    return wrong;
  if (wrong) {
    trial_problem_ = sentence_of(wrong);
    return {};
  }
  out->data_ = data_;
  out->data_digest_ = data_digest_;
  trial_ = std::move(out);
  return {};
}

} // namespace acgs
