// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one logger of this folder.

#include "runtime/base/log.hpp"

namespace acgs::signer {

inline constexpr log::logger logger{"signer"};

} // namespace acgs::signer
