// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `POST /audit/event`: an event that a client hands in. What it says goes
// beside the log as a sealed payload, since it may be personal; the entry
// holds its type, its agent and who handed it in.

#include "actors/http_gateway/router.hpp"

namespace acgs::http_gateway {

void record_event(const call_ptr& who);

} // namespace acgs::http_gateway
