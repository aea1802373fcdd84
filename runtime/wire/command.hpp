// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A command in its wire and stored form (`schemas/command.capnp`).

#include "runtime/domain/command.hpp"
#include "runtime/wire/message.hpp"

namespace acgs::wire {

using command = message<domain::command>;

} // namespace acgs::wire
