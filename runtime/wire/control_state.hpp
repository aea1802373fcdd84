// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Control state in its stored form (`schemas/control_state.capnp`). Unlike what
// actors pass to one another, it is read into values of its own.

#include "runtime/base/error.hpp"
#include "runtime/domain/control_state.hpp"

namespace acgs::wire {

/// The largest stored control state.
inline constexpr std::size_t control_state_bytes_max = std::size_t{1} << 30;

bytes encode_control_state(const domain::control_state& from);

/// Fails with `invalid_argument` where the bytes are none, and with
/// `too_large`.
result<domain::control_state_ptr> decode_control_state(byte_view from);

} // namespace acgs::wire
