// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one logger of this folder.

#include "runtime/base/log.hpp"

namespace acgs::rpc_gateway {

inline constexpr log::logger logger{"rpc_gateway"};

} // namespace acgs::rpc_gateway
