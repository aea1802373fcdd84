// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The version, which meson.build gives; see there.

namespace acgs {

inline constexpr const char* version = ACGS_VERSION;

} // namespace acgs
