// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Questions and answers in their wire form (`schemas/decision.capnp`).

#include "runtime/domain/decision.hpp"
#include "runtime/wire/message.hpp"

namespace acgs::wire {

using decide_request = message<domain::decide_request>;
using decision = message<domain::decision>;

} // namespace acgs::wire
