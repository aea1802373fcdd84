// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one pure function of control state: the same commands in the same order
// give the same state on every node, so it knows no clock, no randomness and
// no file. Whether policies compile is not its matter: CONTROL asks that of the
// snapshot before a command counts.
//
// Numbers in data keep every digit (runtime/base/json.hpp). Texts are shared
// between the old state and the new one; the old one is untouched.

#include "actors/control/bundle_source.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/json.hpp"
#include "runtime/domain/command.hpp"
#include "runtime/domain/control_state.hpp"

namespace acgs::control {

/// Bounds of what control state holds.
namespace bounds {

inline constexpr std::size_t policy_bytes = 1u << 20;
inline constexpr std::size_t policies = 10000;
inline constexpr std::size_t policy_id_bytes = 255;
inline constexpr std::size_t constitution_bytes = 4u << 20;
inline constexpr std::size_t constitution_files = 1000;
inline constexpr json::limits data{.bytes = 32u << 20, .depth = 64};
inline constexpr std::size_t users = 100000;
inline constexpr std::size_t tokens = 100000;
inline constexpr std::size_t tokens_of_one_subject = 1000;
inline constexpr std::size_t limits = 10000;
inline constexpr std::size_t keys = 1000;
inline constexpr std::size_t name_bytes = 255;
inline constexpr std::size_t path_bytes = 4096;
inline constexpr std::size_t reason_bytes = 1000;
inline constexpr std::size_t bundle_name_bytes = 100;
inline constexpr std::size_t bundle_archives = 1000; ///< of all bundles
/// Of one bundle, that are not active and can be gone back to.
inline constexpr std::size_t bundle_versions = 20;
inline constexpr std::size_t bundle_digests = 100; ///< snapshot and deltas

} // namespace bounds

/// The state before the first command: no policies, empty data, nobody.
domain::control_state_ptr initial_state();

/// Fails with `conflict` where the command expects another revision.
caf::error check_revision(const domain::control_state& to,
                          const domain::command& what);

/// The state after the command. Fails, naming the field and what was expected,
/// with `invalid_argument`, `not_found`, `conflict` (the expected revision is
/// not the present one; a path leads through a scalar; a test of a patch does
/// not hold; a refresh token was used before; a bundle owns it), `too_large`,
/// `policy_invalid` (of a bundle).
result<domain::control_state_ptr> apply(const domain::control_state& to,
                                        const domain::command& what,
                                        const bundle_source& bundles = {});

} // namespace acgs::control
